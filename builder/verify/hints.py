"""What to do about a check that failed: one sentence for each, right whatever the cause."""

from collections.abc import Mapping

from builder.verify.checks import (
    ACCESS_ADMIN,
    ACCESS_CONSOLE,
    AGENT_ANSWER,
    AGENT_HANDSHAKE,
    AGENT_IDENTITY,
    AGENT_LISTENER,
    AGENT_OWNER,
    AGENT_PROTOCOLS,
    AGENT_WEBSOCKET,
    BOOT_READY,
    CASC_APPLIED,
    CASC_FILES,
    HOOKS_CLEAN,
    HOOKS_RAN,
    HTTP_API,
    HTTP_ROOT,
    PLUGINS_CORE,
    PLUGINS_DEPENDENCIES,
    PLUGINS_LOADED,
    PLUGINS_PRESENT,
    PLUGINS_UNEXPECTED,
)

HINTS: Mapping[str, str] = {
    BOOT_READY: "read the last lines of the log, upwards",
    PLUGINS_LOADED.id: "mend what the evidence names, and build the image again",
    PLUGINS_PRESENT.id: "build the image again from its lock, which says what belongs there",
    PLUGINS_UNEXPECTED.id: "ask for it in the formula, or take it out of the image",
    PLUGINS_DEPENDENCIES.id: "build the image again from its lock, which holds them all",
    PLUGINS_CORE.id: "ask for a release that this core takes, or raise the core",
    HOOKS_RAN.id: "look for the script under init.groovy.d in the controller's home",
    HOOKS_CLEAN.id: "mend the script: the words are its own",
    HTTP_ROOT.id: "ask the page by hand with curl -i: its headers say who answers",
    HTTP_API.id: "ask the page by hand with curl -i: its headers say who answers",
    AGENT_LISTENER.id: "fix the agent port in the controller's security settings: "
    "inbound agents ask this page before anything else",
    AGENT_ANSWER.id: "look in the log for the agent listener: agents cannot connect",
    AGENT_OWNER.id: "look for a second controller, or a proxy that leads the agent port elsewhere",
    AGENT_PROTOCOLS.id: "look for the agent protocols in the controller's security settings",
    AGENT_HANDSHAKE.id: "look in the log for the agent listener and the lines of jbuild-probe",
    AGENT_IDENTITY.id: "agents refuse such a controller: look for what answers in its place",
    AGENT_WEBSOCKET.id: "ask the page by hand with curl -i: a proxy may keep agents out",
    CASC_FILES.id: "write each key once, in one file, with a value of its kind",
    CASC_APPLIED.id: "hold the file against what is in force; a later key or file may replace it",
    ACCESS_ADMIN.id: "take Overall/Administer from anonymous in the authorization strategy",
    ACCESS_CONSOLE.id: "take Overall/Administer from anonymous in the authorization strategy",
}
