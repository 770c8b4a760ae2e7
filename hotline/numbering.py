"""China's telephone numbers, as far as the hotline must tell them apart (MIIT, 电信网编号计划)."""

import unicodedata

NATIONAL = (r"1[3-9]\d{9}", r"0[1-9]\d{1,2}[2-9]\d{6,7}", r"[2-9]\d{6,7}", r"400\d{7}")
"""Regular expressions of whole numbers, as they are dialled inside the country: mobile; landline with its
area code; landline of this city; 400, where the called party pays the greater part."""

EMERGENCY = frozenset({"110", "119", "120", "122"})

PREMIUM = r"(0[1-9]\d{1,2})?(160|168)\d{2,}"
"""Voice services that charge by the minute, also behind an area code."""


def typed(number: str) -> str:
    """A number as a person typed or pasted it, in the signs that telephones have: an input method for Chinese
    writes `１２３２０` and `－`, and a copied number brings blanks along."""
    return unicodedata.normalize("NFKC", number).strip()
