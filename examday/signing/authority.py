"""
The site's certificate authority: says which key belongs to which person of this site.

It is the site's own (电子签名法 art. 16 leaves a licensed CA for when a third party is needed);
the paper with the red stamp remains the legal document (DOMAIN §5).
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from examday.signing.errors import check_passphrase
from examday.signing.keyfile import create_private
from examday.signing.person import seal_pkcs12
from examday.signing.token import PLACE_SUFFIX, TokenPlace

_AUTHORITY_YEARS = 15
_PERSON_YEARS = 3
_DAYS = 365
_LIST_DAYS = 30
# A clock that is set right after the certificate was made must not make it "not yet valid".
_SLACK = timedelta(days=1)
_ORGANIZATION_LENGTH = 64  # RFC 5280 ub-organization-name


class SiteCA:
    """A P-256 root that lives in one folder: `ca.key.pem`, `ca.pem`, `people/<login>-<serial>.*`."""

    def __init__(
        self, folder: Path, private: ec.EllipticCurvePrivateKey, certificate: x509.Certificate
    ) -> None:
        """Hold the authority; `load_or_create` is the way in."""
        self._folder = folder
        self._private = private
        self.certificate = certificate

    @classmethod
    def load_or_create(cls, folder: Path, name: str, *, now: datetime) -> Self:
        """Open the authority of this folder, or found it under this organisation name."""
        both = folder / "ca.key.pem"
        if not both.exists():
            private = ec.generate_private_key(ec.SECP256R1())
            key = private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            # Key and certificate in one file: no crash can leave the one without the other.
            create_private(both, key + _pem(_found(private, name, now)))
        content = both.read_bytes()
        private_again = serialization.load_pem_private_key(content, None)
        assert isinstance(private_again, ec.EllipticCurvePrivateKey)  # noqa: S101
        certificate = x509.load_pem_x509_certificate(content)
        create_private(folder / "ca.pem", _pem(certificate))
        return cls(folder, private_again, certificate)

    @property
    def certificate_pem(self) -> bytes:
        """The root certificate, for whoever verifies elsewhere."""
        return _pem(self.certificate)

    def issue_person(self, login: str, name: str, passphrase: str, *, now: datetime) -> Path:
        """
        Make a key pair and a certificate for one person; give the path of the PKCS#12 file.

        The private key exists on disk only under the passphrase. Each call makes a new pair
        under a new name, so an old signature keeps its certificate. Raises WeakPassphrase.
        """
        check_passphrase(passphrase)
        private = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certify(private.public_key(), login=login, name=name, now=now)
        stem = f"{login}-{certificate.serial_number:x}"
        path = self._folder / "people" / f"{stem}.p12"
        create_private(path, seal_pkcs12(private, certificate, [self.certificate], passphrase))
        create_private(path.with_suffix(".pem"), _pem(certificate))
        return path

    def certify_token(
        self,
        login: str,
        name: str,
        place: TokenPlace,
        public: ec.EllipticCurvePublicKey,
        *,
        now: datetime,
    ) -> Path:
        """Certify the key of a token; give the path of the `.token.json` that says where it is."""
        certificate = self._certify(public, login=login, name=name, now=now)
        stem = self._folder / "people" / f"{login}-{certificate.serial_number:x}"
        create_private(stem.with_suffix(".pem"), _pem(certificate) + self.certificate_pem)
        path = stem.with_name(stem.name + PLACE_SUFFIX)
        create_private(path, place.to_bytes())
        return path

    def revocation_list(self, *, now: datetime) -> bytes:
        """
        Sign a CRL (RFC 5280, DER) as of now, for signed files that must last.

        The site revokes no certificate: a key is replaced by a new one, and the trace says which
        was signed with when. So the list is empty.
        """
        issuer = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        draft = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now)
            .next_update(now + timedelta(days=_LIST_DAYS))
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer.value),
                critical=False,
            )
        )
        return draft.sign(self._private, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def _certify(
        self, public: ec.EllipticCurvePublicKey, *, login: str, name: str, now: datetime
    ) -> x509.Certificate:
        organization = self.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[0].value),
                x509.NameAttribute(NameOID.COMMON_NAME, name[:_ORGANIZATION_LENGTH]),
                x509.NameAttribute(NameOID.USER_ID, login),
            ]
        )
        issuer = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        builder = _draft(subject, public, now, years=_PERSON_YEARS)
        builder = builder.issuer_name(self.certificate.subject)
        builder = builder.add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        builder = builder.add_extension(_usage(of_authority=False), critical=True)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer.value),
            critical=False,
        )
        return builder.sign(self._private, hashes.SHA256())


def _found(private: ec.EllipticCurvePrivateKey, name: str, now: datetime) -> x509.Certificate:
    organization = name[:_ORGANIZATION_LENGTH]
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(NameOID.COMMON_NAME, "examday site CA"),
        ]
    )
    builder = _draft(subject, private.public_key(), now, years=_AUTHORITY_YEARS)
    builder = builder.issuer_name(subject)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(of_authority=True), critical=True)
    return builder.sign(private, hashes.SHA256())


def _draft(
    subject: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, *, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + timedelta(days=years * _DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, of_authority: bool) -> x509.KeyUsage:
    # pdfsig and Acrobat ask for digitalSignature or nonRepudiation on the signer's certificate.
    return x509.KeyUsage(
        digital_signature=not of_authority,
        content_commitment=not of_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=of_authority,
        crl_sign=of_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
