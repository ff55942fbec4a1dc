"""Why each check matters: one sentence on what goes wrong for people where it does not hold."""

from collections.abc import Mapping

from builder.model.report import Check

_CUSTOM = "The formula asks for it."
REASONS: Mapping[str, str] = {
    "boot.ready": "Nobody can work with a controller that does not come up.",
    "boot.config": "What stood behind the cut is gone, security perhaps, and is soon overwritten.",
    "plugins.loaded": "The controller answers well without it, and jobs that need it fail later.",
    "plugins.present": "What runs is not what was decided, reviewed and audited.",
    "plugins.unexpected": "Nobody decided on it, and no upgrade will take care of it.",
    "plugins.dependencies": "The controller leaves out a plugin that lacks one, and goes on.",
    "plugins.core": "The controller leaves such a plugin out, or it breaks when it is used.",
    "hooks.ran": "What the script sets up is not set up.",
    "hooks.clean": "The controller goes on with half of what the script sets up.",
    "home.writable": "Jobs and settings cannot be saved, or an upgrade cannot replace a file.",
    "process.reaps": "Dead processes fill the table of processes, until no build can start one.",
    "http.root": "Browsers, hooks and probes reach something else than this controller.",
    "http.api": "Tools and the platform talk to the controller by this page.",
    "agent.listener": "Inbound agents ask this page where to go, and find no way.",
    "agent.port": "Inbound agents cannot connect, and builds wait for ever.",
    "agent.owner": "Agents reach another controller, and hand it their secrets.",
    "agent.protocols": "Agents and controller have no protocol in common.",
    "agent.handshake": "Agents are let in unseen, or nobody hears them.",
    "agent.identity": "Agents refuse a controller whose key is not the one it shows.",
    "agent.websocket": "Agents behind a proxy that lets nothing but HTTP through stay out.",
    "casc.files": "The controller takes something else than what stands there, and says nothing.",
    "casc.applied": "Configuration as code says nothing when it did nothing.",
    "agent.connects": "What no probe shows: whether a build finds an agent to run on.",
    "agent.remoting": "Agents that are too old connect, and fail in the middle of builds.",
    "access.admin": "Whoever reaches the port owns the controller and all its credentials.",
    "access.console": "Whoever reaches the port runs code on the controller.",
    "login.works": "What only an administrator may see was not looked at.",
    "plugins.active": "The files are there, and the controller does not use them.",
    "casc.exported": "What is in force is not what the files say.",
    "token.review": "The platform's server refuses what it does not know, and nobody gets in.",
    "token.accepted": "All that the platform does on the controller, it does with such a token.",
    "token.refused": "A broken token server opens the controller to everybody.",
    "token.password": "While the platform is down, nobody can mend the controller.",
    "restart.stops": "It is killed in the middle of its work whenever its pod moves.",
    "restart.starts": "The first restart after a rollout is an outage.",
    "restart.readonly": "It does not run where policies ask for a read-only root.",
    "restart.same": "A restart changes what people and agents see.",
    "upgrade.old": "Without a home that the old image wrote, no upgrade can be tried.",
    "upgrade.starts": "The rollout is an outage, and the home may not go back.",
    "upgrade.plugins": "The new image runs with plugins of the old one.",
    "upgrade.kept": "People lose what they installed.",
    "upgrade.retired": "What was to be gone runs on.",
    "upgrade.clean": "A home that has been in use shows what a new one does not.",
}


def reason(check: Check) -> str:
    """Say why a check matters; the formula's own have its wish for a reason."""
    return REASONS.get(check.id, _CUSTOM)
