"""[pure] For what a comment may be hidden. Being negative is not among the reasons."""

REASONS = ("insult", "threat", "hatred", "personal_data", "advertising", "not_about_draft")
