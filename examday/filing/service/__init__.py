"""The front desk of filing: forms, approval, certificate numbers, archive, retention."""

from examday.filing.rules import FilledForm, Retention, StatutoryForm
from examday.filing.service.approvals import approve_results
from examday.filing.service.archive import (
    Bundle,
    archive_batch,
    archive_folder,
    bundle_zip,
    check_oldest_bundle,
    verify_bundle,
)
from examday.filing.service.archiving import (
    Archiving,
    build_archives,
    find_archiving,
    request_archive,
)
from examday.filing.service.certificates import (
    RefusedNumber,
    allocate_certificates,
    list_refused_numbers,
)
from examday.filing.service.closing import close_batch
from examday.filing.service.config import find_form, list_forms
from examday.filing.service.copies import BundleCopy, check_oldest_copy, copy_bundles, find_copy
from examday.filing.service.counts import Count, months, quarters
from examday.filing.service.forms import (
    FormState,
    export_form,
    fill_form,
    form_states,
    print_form,
)
from examday.filing.service.mapping import export_certificate_data
from examday.filing.service.previews import PREVIEW_ROWS, has_preview, preview_certificates
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
from examday.filing.service.retention import (
    BundleLook,
    destroy_bundle,
    hold_bundle,
    list_bundle_looks,
    look_into_bundle,
    propose_destruction,
    release_bundle,
)
from examday.filing.service.steps import StageState, stages

__all__ = [
    "PREVIEW_ROWS",
    "Approval",
    "ArchivedBundle",
    "Archiving",
    "Bundle",
    "BundleCopy",
    "BundleLook",
    "Certificate",
    "Count",
    "FilledForm",
    "FormState",
    "RefusedNumber",
    "Retention",
    "StageState",
    "StatutoryForm",
    "allocate_certificates",
    "approve_results",
    "archive_batch",
    "archive_folder",
    "build_archives",
    "bundle_zip",
    "check_oldest_bundle",
    "check_oldest_copy",
    "close_batch",
    "copy_bundles",
    "count_certificates",
    "destroy_bundle",
    "export_certificate_data",
    "export_form",
    "fill_form",
    "find_approval",
    "find_archiving",
    "find_bundle",
    "find_certificate",
    "find_copy",
    "find_form",
    "form_states",
    "has_preview",
    "hold_bundle",
    "is_certified",
    "list_bundle_looks",
    "list_bundles",
    "list_certificates",
    "list_forms",
    "list_refused_numbers",
    "look_into_bundle",
    "missing_numbers",
    "months",
    "preview_certificates",
    "print_form",
    "propose_destruction",
    "quarters",
    "release_bundle",
    "request_archive",
    "stages",
    "verify_bundle",
]
