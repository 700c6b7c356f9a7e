"""Decides requests against a compiled bpol policy, and routes and cuts calls of the bank's API.

What is unknown counts against the caller, and what cannot be read raises: nothing here falls back to allowing.
"""

from bpol._engine import Call, Malformed, Policy, Refused, Unfiltered

__all__ = ["Call", "Malformed", "Policy", "Refused", "Unfiltered"]
