"""
The sentences behind the codes: English here, Chinese in messages.zh.json beside this file.

Codes are stable; programs test codes, people read sentences. A test holds both lists together.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CHINESE = "zh"
ENGLISH = "en"

_ENGLISH = {
    # the bundle as a folder of files
    "BAG_STRUCTURE": "The bundle's list of files cannot be used: %(reason)s.",
    "BUNDLE_UNREADABLE": "The bundle cannot be read to its end: %(reason)s.",
    "FILE_MISSING": "The file is listed but is not there.",
    "FILE_EXTRA": "The file is there but no list names it.",
    "FILE_LINK": "This is a link, not a file; evidence must lie in the bundle itself.",
    "FILE_HASH": "The file's SHA-256 is %(found)s, recorded was %(wanted)s: it was altered.",
    "FILE_SM3": "The file's SM3 digest differs from the recorded one: it was altered.",
    "FILE_SIZE": "The file has %(found)s bytes, recorded were %(wanted)s.",
    "FILE_TREE": "The chunk tree of the file differs from the recorded one.",
    "FILE_NOT_LOGGED": "This footage file has no entry in the trace.",
    "SM3_UNCHECKED": "This computer cannot compute SM3; the SHA-256 list was checked instead.",
    "CONTENT_LIST": "The list of contents that was traced differs from the files: %(reason)s.",
    "ARCHIVE_NOT_LOGGED": "No trace entry says that this bundle was archived with this content.",
    # the trace
    "TRACE_FORMAT": "This part of the trace cannot be read: %(reason)s.",
    "LEAF_FORMAT": "Trace entry %(index)s is malformed: %(reason)s.",
    "LEAF_SITE": "Trace entry %(index)s belongs to %(found)s, not to this log.",
    "LOG_NOT_OPENED": "The first trace entry does not open this log with a trusted key.",
    "CHECKPOINT_SIGNATURE": "The tree head is not validly signed: %(reason)s.",
    "ROOT_MISMATCH": "The trace entries do not add up to the signed tree head.",
    "TRACE_TRUNCATED": "The head covers %(wanted)s entries, only %(found)s are there.",
    "UNCHECKPOINTED_TAIL": "%(count)s entries after the signed head are covered by no signature.",
    "TILE_MISMATCH": "The tile does not agree with the entries.",
    "FORK_VS_EARLIER_COPY": "An earlier signed head of size %(size)s shows another history.",
    "ROLLED_BACK": "An earlier copy already had %(kept)s entries, this one has only %(size)s.",
    "PROOF_FORMAT": "The proof file is malformed: %(reason)s.",
    "PROOF_INVALID": "The proof does not lead from its entry to its tree head.",
    "PROOF_FOREIGN": "The proof is of an entry that this log does not have at index %(index)s.",
    "STAMP_MISMATCH": "The time-stamp is of other bytes than this tree head.",
    "STAMP_SIGNATURE": "The time-stamp is not validly signed: %(reason)s.",
    "STAMP_VALID": "A trusted authority stamped this head at %(time)s.",
    "LOG_TIME_VS_TSA": "The head was stamped at %(time)s, %(seconds)s s before its last entry says"
    " it was written.",
    "WITNESS_TSA_SKEW": "A witness co-signed the head at %(time)s, %(seconds)s s before its last"
    " entry says it was written.",
    "OUTSIDE_TIME_LATE": "Stamped or co-signed %(hours)s h after the last entry it covers.",
    "KEY_ROTATION": "Trace entry %(index)s hands over to a key that does not follow or is not"
    " trusted.",
    "KEY_ROTATED": "The log's key was changed here: %(reason)s.",
    "KEY_NOT_IN_FORCE": "The head of size %(size)s is signed with a key that was not in force.",
    "KEY_REVOKED": "The head of size %(size)s is signed with a key that had been revoked.",
    "KEY_REVOCATION": "This key was revoked; it counts up to entry %(size)s: %(reason)s.",
    "STAMP_SEEN": "A time-stamp of this head is there; check its issuer with: openssl ts -verify.",
    "CLOCK_BACKWARDS": "The clock went back %(seconds)s s before entry %(index)s.",
    "CLOCK_STEP": "The clock was set by %(seconds)s s before entry %(index)s.",
    # the day
    "FACTS_FORMAT": "Trace entry %(index)s lacks what its kind must say: %(reason)s.",
    "TIMELINE_GAP": "%(seconds)s s of planned footage are missing, %(start)s to %(end)s.",
    "DECLARED_GAP": "%(seconds)s s without footage were declared, %(start)s to %(end)s:"
    " %(reason)s (approved by %(approver)s).",
    "GAP_NOT_APPROVED": "A gap was declared without reason or approver.",
    "SEGMENT_HOLE": "The segment has a hole of %(seconds)s s inside.",
    "SEQ_GAP": "Segment %(seq)s follows segment %(previous)s: segments are missing or doubled.",
    "CHAIN_BREAK": "Segment %(seq)s does not name the segment before it.",
    "SEGMENT_DUPLICATE": "The same file already stands for another stretch of time: %(first)s.",
    "LATE_REGISTRATION": "The segment was registered only %(hours)s h after it ended.",
    "END_IN_FUTURE": "The segment ends after the moment it was registered.",
    "BEACON_UNKNOWN": "The beacon seen in the picture is no head of this log.",
    "BEACON_NOT_IN_FRAME": "The beacon of this time was not seen in the picture.",
    "BEACON_ABSENT": "No time beacon was recorded for %(count)s segments.",
    "SESSION_NOT_CLOSED": "The room was never closed for this sitting.",
    "CLOSE_MISMATCH": "What the room's closing entry counted differs from the segments there.",
    "ROOM_WAIVED": "The room ran without cameras: %(reason)s (approved by %(approver)s);"
    " %(measures)s other measures are recorded.",
    "WAIVER_NOT_APPROVED": "Cameras were waived without reason or approver.",
    "WAIVER_WITHOUT_MEASURES": "Cameras were waived but no other measure was recorded.",
    "PLAN_AHEAD": "This plan lies after the end of the trace and was not judged.",
    "OTHER_BATCH": "Concerns another batch of this log: %(found)s.",
    # score sheets
    "SHEET_MISSING": "The %(kind)s of this score sheet is not in the bundle.",
    "SHEET_HASH": "The %(kind)s differs from the one that was signed and traced.",
    "SHEET_FORMAT": "The score sheet cannot be read: %(reason)s.",
    "SHEET_DISAGREES": "The sheet says %(name)s %(found)s, its trace entry says %(wanted)s.",
    "SHEET_ROWS": "The rows of the sheet do not add up to the traced row root.",
    "SHEET_DETAILS": "Row %(row)s: its marks are not those the row was signed with.",
    "SHEET_MARK": "Row %(row)s (ticket %(ticket)s): %(part)s says %(found)s, the trace settled"
    " %(wanted)s.",
    "SHEET_MISCONDUCT": "Row %(row)s (ticket %(ticket)s): misconduct stands in the sheet without"
    " an incident in the trace, or the other way round.",
    "SHEET_OUTCOME": "Row %(row)s (ticket %(ticket)s): the result says %(found)s, from its marks"
    " follows %(wanted)s.",
    "SHEET_SIGNATURE": "A signature of the sheet is not valid: %(reason)s.",
    "SHEET_SIGNER_UNKNOWN": "The sheet is signed with a certificate that was not traced.",
    "SHEET_SIGNER_MISSING": "The signature of %(duty)s is missing.",
    "SHEET_SIG_COUNT": "The PDF has %(found)s signatures, traced were %(wanted)s:"
    " it may have been cut back to an earlier state.",
    "SHEET_STAMP_COUNT": "The PDF has %(found)s archive time-stamps, traced were %(wanted)s:"
    " it may have been cut back.",
    "SHEET_REPLACED": "This sheet was replaced by version %(version)s.",
    "SM2_UNCHECKED": "The SM2 signatures beside the sheet were not checked here; examday verify"
    " checks them.",
    "PDF_SIGNATURE_UNCHECKED": "The PDF is byte for byte the one traced; a PDF reader shows"
    " who signed it.",
    "WRONG_PROOF": "The proof beside this file speaks of something else (%(kind)s).",
    # words of the data
    "WORD_THEORY": "theory",
    "WORD_PRACTICAL": "practical",
    "WORD_REVIEW": "review",
    "WORD_PERFORMANCE": "performance",
    "WORD_CONDUCT": "conduct",
    "WORD_MARKED": "marked",
    "WORD_ABSENT": "absent",
    "WORD_MISCONDUCT": "misconduct",
    "WORD_VOID": "void",
    "WORD_NOT_TAKEN": "not taken",
    "WORD_PASSED": "passed",
    "WORD_FAILED": "failed",
    "WORD_NONE": "no mark",
    # nothing that could be verified
    "PATH_MISSING": "%(path)s does not exist.",
    "PATH_UNREADABLE": "%(path)s cannot be read: %(reason)s.",
    "PROOF_MISSING": "%(proof)s does not lie beside %(file)s: hand both over together.",
    "NO_BUNDLE": "%(path)s is not an archive bundle.",
    "NO_BUNDLE_IN_ZIP": "The ZIP is not an archive bundle.",
    "POLICY_CONTROL": "The policy has a control character.",
    "POLICY_LINE": "Line %(line)s of the policy: %(reason)s.",
    "POLICY_QUORUM": "The policy has no quorum line.",
    "ROOTS_FORMAT": "The time-stamp authorities' certificates cannot be used: %(reason)s.",
    # the verdict
    "VALID": "Valid: nothing was found.",
    "NOT_VALID": "NOT valid: %(count)s findings.",
}


def sentence(code: str, values: Mapping[str, object], language: str) -> str:
    """Say a code as a sentence."""
    texts = _chinese() if language == CHINESE else _ENGLISH
    return texts[code] % values


@cache
def _chinese() -> dict[str, str]:
    path = Path(__file__).with_name("messages.zh.json")
    texts: dict[str, str] = json.loads(path.read_text("utf-8"))
    return texts


def catalogue(language: str) -> dict[str, str]:
    """Give every sentence of a language by code."""
    return dict(_chinese() if language == CHINESE else _ENGLISH)
