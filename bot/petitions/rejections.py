"""Why a petition may be not accepted: the list of the reception office."""

REASONS = {
    "not_enough": "không đủ thông tin",
    "not_ours": "không thuộc phạm vi",
    "answered_before": "trùng phản ánh đã trả lời",
    "against_rules": "nội dung vi phạm quy định",
}
"""In the words that the citizen reads."""
REASONS_ENGLISH = {
    "not_enough": "not enough information",
    "not_ours": "outside our scope",
    "answered_before": "already answered",
    "against_rules": "content against the rules",
}
