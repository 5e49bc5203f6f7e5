"""Texts that need the police, the fire brigade, an ambulance or a human voice, not an office."""

import re
import unicodedata

_DANGER = re.compile(
    r"\b(?:CHAY NHA|NHA CHAY|NHA TOI CHAY|CHAY LON|CHAY RUNG|BOC CHAY|DANG CHAY NO|HOA HOAN|DANH NHAU|CHEM NHAU|DAM CHEM|(?<!AN )CUOP|TAI NAN|DUOI NUOC|CHET DUOI"
    r"|CAP CUU|CUU TOI|RO RI (?:KHI )?GAS|DIEN GIAT|SAP NHA|NGO DOC|BAT COC|NHAY CAU"
    r"|CHAY (?:CHO|KHO (?:HANG|CHUA|GO|VAI)|TRO|QUAN|PHONG|CAN HO|CHUNG CU|TO|XUONG (?:GO|MAY|GIAY|NHOM|NHUA|SON|O|TAI|ROI|LON))|LUA (?:BOC|LON|LAN|NGUN)"
    r"|NO (?:BINH )?GAS|(?:MUI|XI|RO) GAS|GAS (?:XI|RO)|(?:CAM|VAC|RUT|XACH) (?:DAO|MA TAU|KIEM|SUNG)|(?:RUOT|DOI) CHEM|CHEM NGUOI|HON CHIEN|NO SUNG"
    r"|XE (?:\w+ )?(?:TONG|HUC|CAN) (?:\w+ )?(?:NGUOI|BE|CHAU|CU|BA|ONG)|BI XE (?:\w+ )?(?:TONG|DAM|HUC|CAN)|LAT (?:XE|THUYEN|DO)|CHIM (?:THUYEN|PHA)"
    r"|NAM BAT DONG|BAT TINH|NGAT XIU|MAU CHAY|CHAY (?:NHIEU )?MAU|DOT QUY|CO GIAT|NGUY KICH|SAP (?:DE|SINH) (?:ROI|GAP)|(?:LU|NUOC) CUON|MAC KET"
    r"|(?:ROI|NGA|NHAY|LAO|TE) XUONG (?:SONG|AO|KENH|MUONG|GIENG|HO|CONG)|DANG (?:DANH|DAP|HANH HUNG) (?:VO|CON|ME|NGUOI|CHI|CO)"
    r"|DAY DIEN (?:\w+ ){0,2}(?:DUT|ROI|ROT)|(?:DUT|ROI|ROT) DAY DIEN|SAP (?:CAU|TUONG|GIAN GIAO|HAM|LO|TRAN|MAI)|VO DE|DOA GIET|GIET NGUOI"
    r"|STABBED|BLEEDING|UNCONSCIOUS|DROWNING|GAS LEAK|FIGHTING WITH KNIVES|HEART ATTACK|NOT BREATHING|HOUSE (?:IS )?ON FIRE|ON FIRE|AMBULANCE|EMERGENCY)\b|(?<!TRA )\bCUU VOI\b"
)
_PAPERS = re.compile(r"\b(?:LAO DONG|BAO HIEM|THU TUC|HO SO|HS|GIAY|CHE DO|TRO CAP|PCCC)\b")
"""Words of somebody who asks about papers, for instance after an accident at work."""
_OWN_LIFE = re.compile(
    r"\b(?:TU SAT|(?:KHONG|CHANG|CHA|HET|K|KO) (?:CON )?(?:MUON|THIET) SONG|CHAN SONG|KET LIEU (?:DOI|CUOC DOI|BAN THAN|TAT CA)|QUYEN SINH"
    r"|(?:TOI|EM|MINH|CON|CHAU) (?:(?:CHI|CHI CON|DANG|RAT|THAT SU|BAY GIO) )?MUON CHET|CHET (?:QUACH )?(?:CHO XONG|DI CHO ROI)"
    r"|(?:MUON|SE|DINH|TINH|DOI) (?:UONG THUOC (?:SAU|CHUOT|TRU SAU)|THAT CO|NHAY (?:CAU|LAU))"
    r"|SUICIDE|SUICIDAL|KILL(?:ING)? MYSELF|WANT TO DIE|END MY (?:OWN )?LIFE|TAK(?:E|ING) MY (?:OWN )?LIFE|(?:NOT|DONT|DON'T) WANT TO LIVE)\b"
)
_OWN_LIFE_WITH_MARKS = re.compile(r"\btự (?:tử|vẫn)\b", re.IGNORECASE)
"""Without its marks it is "từ từ" (slowly) or "tư vấn" (advice)."""
_PAPERS_OF_THE_DEAD = re.compile(r"\b(?:KHAI TU|CHUNG TU|THU TUC|BAO HIEM|GIAY TO GI|MAI TANG)\b")


def is_despair(text: str, normalised: str) -> bool:
    """Whether somebody speaks of taking a life; *text* as written, because unmarked words would be others."""
    spoken = _OWN_LIFE.search(normalised) or _OWN_LIFE_WITH_MARKS.search(unicodedata.normalize("NFC", text))
    return bool(spoken) and not _PAPERS_OF_THE_DEAD.search(normalised)


def is_emergency(normalised: str) -> bool:
    """Whether *normalised* reports danger."""
    return bool(_DANGER.search(normalised)) and not _PAPERS.search(normalised)
