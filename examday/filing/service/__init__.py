"""The front desk of filing: forms, approval, certificate numbers, archive, retention."""

from examday.filing.rules import FilledForm, Retention, StatutoryForm
from examday.filing.service.approvals import approve_results
from examday.filing.service.archive import (
    Bundle,
    archive_batch,
    archive_folder,
    bundle_zip,
    verify_bundle,
)
from examday.filing.service.certificates import allocate_certificates
from examday.filing.service.config import find_form, list_forms
from examday.filing.service.forms import (
    FormState,
    export_form,
    fill_form,
    form_states,
    print_form,
)
from examday.filing.service.mapping import export_certificate_data
from examday.filing.service.queries import (
    Approval,
    ArchivedBundle,
    Certificate,
    count_certificates,
    find_approval,
    find_bundle,
    find_certificate,
    is_certified,
    list_bundles,
    list_certificates,
    missing_numbers,
)
from examday.filing.service.retention import destroy_bundle
from examday.filing.service.steps import StageState, stages

__all__ = [
    "Approval",
    "ArchivedBundle",
    "Bundle",
    "Certificate",
    "FilledForm",
    "FormState",
    "Retention",
    "StageState",
    "StatutoryForm",
    "allocate_certificates",
    "approve_results",
    "archive_batch",
    "archive_folder",
    "bundle_zip",
    "count_certificates",
    "destroy_bundle",
    "export_certificate_data",
    "export_form",
    "fill_form",
    "find_approval",
    "find_bundle",
    "find_certificate",
    "find_form",
    "form_states",
    "is_certified",
    "list_bundles",
    "list_certificates",
    "list_forms",
    "missing_numbers",
    "print_form",
    "stages",
    "verify_bundle",
]
