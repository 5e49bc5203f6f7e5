"""A one-stop system to try the gateway with: made-up dossiers, served over HTTP by our published contract."""

from dossier_client.sandbox.data import BadData, SandboxData
from dossier_client.sandbox.made_up import complete, generate
from dossier_client.sandbox.options import Faults, SandboxOptions
from dossier_client.sandbox.server import SandboxOneStop, run

__all__ = ["BadData", "Faults", "SandboxData", "SandboxOneStop", "SandboxOptions", "complete", "generate", "run"]
