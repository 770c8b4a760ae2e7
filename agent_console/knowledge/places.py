"""QR codes of an entry by place: made, downloaded, printed, retired; and how often they are scanned."""

from flask import abort, flash, make_response, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from agent_console.access import open_to
from agent_console.beside import Answer, answered
from agent_console.house import acting_context
from agent_console.knowledge.forms import PlacesForm
from agent_console.knowledge.posters import address_of, as_file, inline, is_public_address
from agent_console.knowledge.views import ENTRY, LAST_PAGE, blueprint, today
from agent_console.knowledge.words import OBSTACLES
from agent_console.row_ids import LARGEST_ID, row_id
from agent_console.words import _
from hotline.knowledge import places as acts
from hotline.knowledge import queries, scans
from hotline.knowledge.models import PolicyPlace
from hotline.knowledge.public import page_of
from hotline.knowledge.rules import EDITORS, KnowledgeRefused
from hotline.knowledge.scans import By

PLACE = f"<int(max={LARGEST_ID}):place_id>"


@blueprint.get(f"/{ENTRY}/places")
@open_to(*EDITORS)
def places(entry_id: int) -> str:
    """Where the codes of an entry hang."""
    return _page(entry_id, PlacesForm(formdata=None))


@blueprint.post(f"/{ENTRY}/places")
@open_to(*EDITORS)
def make_places(entry_id: int) -> Answer:
    """A code for each place of the list."""
    form = PlacesForm()

    def act() -> str:
        names = (form.names.data or "").splitlines()
        made = acts.make_places(acting_context(), entry_id, names, form.district.data or "")
        flash(_("新做了 %(new)d 个二维码；%(there)d 个地点已经有了。", new=made.new, there=made.there))
        return url_for("knowledge.places", entry_id=entry_id)

    told = _("请打印出来，贴到写好的地点。")
    return answered(
        form, act, lambda problem: _page(entry_id, form, problem), KnowledgeRefused, OBSTACLES, told
    )


@blueprint.post(f"/places/{PLACE}/retire")
@open_to(*EDITORS)
def retire_place(place_id: int) -> Answer:
    """Its poster is gone."""
    with acting_context().reading() as session:
        place = session.get(PolicyPlace, place_id) or abort(404)
        entry_id = place.entry_id

    def act() -> str:
        acts.retire_place(acting_context(), place_id)
        return url_for("knowledge.places", entry_id=entry_id)

    def again(problem: str) -> str:
        return _page(entry_id, PlacesForm(formdata=None), problem)

    told = _("已停用。还有人扫的话，会看到说明。")
    return answered(FlaskForm(), act, again, KnowledgeRefused, OBSTACLES, told)


@blueprint.get(f"/places/{PLACE}.<any(svg, png):ending>")
@open_to(*EDITORS)
def qr_file(place_id: int, ending: str) -> Response:
    """The code to download."""
    with acting_context().reading() as session:
        place = session.get(PolicyPlace, place_id) or abort(404)
    content, kind = as_file(place.code, ending)
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f"attachment; filename=policy-{place.code}.{ending}"
    return answer


@blueprint.get(f"/{ENTRY}/posters")
@open_to(*EDITORS)
def posters(entry_id: int) -> str:
    """A sheet of A4 for each place, or for one (`?place=`)."""
    only = request.args.get("place", type=row_id)
    with acting_context().reading() as session:
        entry = queries.entry_of(session, entry_id) or abort(404)
        hanging = [one for one in acts.hanging(session, entry_id) if only in (None, one.id)]
        return render_template(
            "knowledge/posters.html",
            policy=page_of(session, entry, today(), as_if_public=True),
            places=hanging,
            address_of=address_of,
            inline=inline,
        )


@blueprint.get("/scans")
@open_to(*scans.READERS)
def scan_counts() -> str:
    """`?by=&page=`: scans of the last weeks, by place or by entry."""
    by = By(request.args["by"]) if request.args.get("by") in set(By) else By.PLACE
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    with acting_context().reading() as session:
        found = scans.scans(session, today(), by, page)
        return render_template("knowledge/scans.html", found=found, by=by, page=page)


def _page(entry_id: int, form: PlacesForm, problem: str = "") -> str:
    with acting_context().reading() as session:
        entry = queries.entry_of(session, entry_id) or abort(404)
        return render_template(
            "knowledge/places.html",
            entry=entry,
            places=acts.hanging(session, entry_id),
            form=form,
            problem=problem,
            address_of=address_of,
            is_public_address=is_public_address(),
        )
