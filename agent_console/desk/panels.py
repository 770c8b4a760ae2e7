"""What opens over the desk during a call: whom to ring, and the keypad. Their buttons post to `/talk`."""

from collections.abc import Mapping

from flask import render_template
from flask_login import current_user

from agent_console.access import open_to
from agent_console.desk.views import blueprint
from agent_console.house import acting_context
from agent_console.talk.words import refusal_words
from agent_console.words import LazyString, _l
from hotline.conversations.queries import call_of_agent, standing
from hotline.conversations.rules import Step
from hotline.conversations.targets import listed_targets
from hotline.people.actors import AT_A_SEAT

# What can be opened, and the step that it leads to.
PANELS: Mapping[str, Step] = {
    "consult": Step.CONSULT,
    "transfer": Step.TRANSFER,
    "add": Step.ADD,
    "emergency": Step.ADD,
    "keys": Step.KEYS,
}
WAYS: Mapping[str, LazyString] = {
    "consult": _l("先咨询"),
    "add": _l("三方通话"),
    "transfer": _l("直接转接"),
}
GROUPS: Mapping[str, LazyString] = {
    "departments": _l("承办单位值班电话"),
    "agents": _l("坐席"),
    "queue": _l("排队"),
}
SERVICES: Mapping[str, LazyString] = {
    "110": _l("公安"),
    "119": _l("消防"),
    "120": _l("急救"),
    "122": _l("交通事故"),
}


@blueprint.get(f"/panel/<any({', '.join(PANELS)}):panel>", endpoint="panel")
@open_to(*AT_A_SEAT)
def show_panel(panel: str) -> str:
    """The panel for the call that the agent is in. It says when there is none, or why it is of no use now."""
    context = acting_context()
    with context.reading() as session:
        call = call_of_agent(session, current_user.user_id)
        refusal = standing(session, call).refusal(PANELS[panel]) if call else None
        targets = listed_targets(session, context) if panel in WAYS else []
        return render_template(
            "desk/panel.html",
            panel=panel,
            call_id=call.id if call else None,
            problem=refusal_words(refusal) if refusal else "",
            targets=[target for target in targets if target.group in GROUPS],
            ways=WAYS,
            groups=GROUPS,
            services=SERVICES,
        )
