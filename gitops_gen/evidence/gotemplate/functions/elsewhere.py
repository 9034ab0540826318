"""The functions that are not evaluated here: what they give is not the same twice, or they are rare."""

from __future__ import annotations

from gitops_gen.evidence.gotemplate.functions.table import cannot

_CHANGING = (
    "ago date date_in_zone date_modify dateInZone dateModify htmlDate htmlDateInZone must_date_modify mustDateModify "
    "now unixEpoch randAlphaNum randAlpha randAscii randNumeric randInt randBytes shuffle uuidv4 bcrypt htpasswd "
    "genPrivateKey genCA genCAWithKey genSelfSignedCert genSelfSignedCertWithKey genSignedCert genSignedCertWithKey "
    "encryptAES"
)
_RARE = (
    "call js duration durationRound toDate mustToDate abbrev abbrevboth swapcase snakecase camelcase kebabcase wrap "
    "wrapWith add1f addf subf divf mulf deepCopy mustDeepCopy set unset merge mergeOverwrite mustMerge "
    "mustMergeOverwrite derivePassword buildCustomCert decryptAES semver urlParse urlJoin tpl"
)

TABLE = {
    **{name: cannot(f"the function {name} gives something else each time") for name in _CHANGING.split()},
    **{name: cannot(f"the function {name} is not evaluated here") for name in _RARE.split()},
}
