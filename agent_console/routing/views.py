"""The catalogue, its rows with their versions, and the classes."""

from collections.abc import Callable, Mapping

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from agent_console.access import open_to
from agent_console.beside import Act, Answer, Page, answered
from agent_console.house import acting_context
from agent_console.language import is_english
from agent_console.routing.forms import ClassForm, RetireForm, RowForm
from agent_console.row_ids import LARGEST_ID
from agent_console.words import LazyString, _, _l
from hotline.dispatch import catalogue, queries
from hotline.dispatch.catalogue import EDITORS, READERS, CatalogueRefused, Obstacle
from hotline.dispatch.models import CatalogueRule, Category
from hotline.gazetteer.queries import districts
from hotline.people.queries import all_departments, departments

blueprint = Blueprint("routing", __name__, url_prefix="/catalogue")
RULE = f"<int(max={LARGEST_ID}):rule_id>"

OBSTACLES: Mapping[Obstacle, LazyString] = {
    Obstacle.EMPTY: _l("请写明内容"),
    Obstacle.TOO_LONG: _l("内容太长"),
    Obstacle.TOO_MANY: _l("太多，或有的太长"),
    Obstacle.UNKNOWN: _l("没有这一项，请重新选择"),
    Obstacle.CANNOT_LEAD: _l("这个单位没有承办人或分管领导，不能主办"),
    Obstacle.LEAD_ASSISTS: _l("主办单位不能同时协办"),
    Obstacle.NO_CLASS_NO_PLACE: _l("分类和区（县）至少选一样"),
    Obstacle.NO_CHANGE: _l("目录里已经是这样"),
    Obstacle.CHANGED_MEANWHILE: _l("刚才有人改过，下面是现在的目录"),
    Obstacle.BAD_CODE: _l("代码用小写字母、数字、点和横线，例如 water.pressure"),
    Obstacle.CODE_TAKEN: _l("这个代码已经有了"),
    Obstacle.IN_A_CIRCLE: _l("不能放在自己下面"),
    Obstacle.RETIRED: _l("这个分类（或它的上级）已停用，要先重新启用"),
    Obstacle.HAS_PARTS: _l("下面还有在用的分类，要先停用它们"),
}


@blueprint.get("/")
@open_to(*READERS)
def listed() -> str:
    """Every row in force, and the classes for which nobody is named."""
    return _list()


@blueprint.get("/new")
@open_to(*EDITORS)
def new() -> str:
    """The form; `?category=CODE` begins with a class."""
    form = RowForm(formdata=None)
    form.category_code.data = request.args.get("category", "")
    return _row_page(form)


@blueprint.get(f"/{RULE}")
@open_to(*READERS)
def row(rule_id: int) -> str:
    """What holds, what held before, and the form to change it."""
    with acting_context().reading() as session:
        rule = session.get(CatalogueRule, rule_id)
        if rule is None:
            abort(404)
        form = RowForm.of_rule(rule)
    return _row_page(form, rule_id)


@blueprint.post("/")
@open_to(*EDITORS)
def put() -> Answer:
    """A row from now on: a new one, or the next version of the one for this class and place."""
    form = RowForm()
    with acting_context().reading() as session:
        _offer(session, form)

    def act() -> str:
        catalogue.set_row(acting_context(), form.row(), form.reason.data or "")
        return url_for("routing.listed")

    return _done(form, act, lambda problem: _row_page(form, problem=problem))


@blueprint.post(f"/{RULE}/retire")
@open_to(*EDITORS)
def retire(rule_id: int) -> Answer:
    """The catalogue is silent here from now on."""
    form = RetireForm(prefix="retire")

    def act() -> str:
        catalogue.retire_row(acting_context(), rule_id, form.reason.data or "")
        return url_for("routing.listed")

    return _done(form, act, _list)


@blueprint.get("/classes")
@open_to(*READERS)
def classes() -> str:
    """The classes of matters."""
    return _classes()


@blueprint.post("/classes")
@open_to(*EDITORS)
def add_class() -> Answer:
    """A further one."""
    form = ClassForm()
    return _class_done(
        form, "", lambda: catalogue.add_class(acting_context(), form.code.data or "", form.named())
    )


@blueprint.post("/classes/<code>")
@open_to(*EDITORS)
def change_class(code: str) -> Answer:
    """Other names, words or place."""
    form = ClassForm()
    del form.code  # it stays for ever
    return _class_done(form, code, lambda: catalogue.change_class(acting_context(), code, form.named()))


@blueprint.post("/classes/<code>/retire")
@open_to(*EDITORS)
def retire_class(code: str) -> Answer:
    """Offered for no new matter."""
    form = RetireForm(prefix="retire")

    def act() -> str:
        catalogue.retire_class(acting_context(), code, form.reason.data or "")
        return url_for("routing.classes")

    return _done(form, act, lambda problem: _classes(problem=problem))


@blueprint.post("/classes/<code>/restore")
@open_to(*EDITORS)
def restore_class(code: str) -> Answer:
    """Offered again."""

    def act() -> str:
        catalogue.restore_class(acting_context(), code)
        return url_for("routing.classes")

    return _done(FlaskForm(), act, lambda problem: _classes(problem=problem))


def _class_done(form: ClassForm, of: str, keep: Callable[[], None]) -> Answer:
    with acting_context().reading() as session:
        form.offer(list(queries.categories(session)))

    def act() -> str:
        keep()
        return url_for("routing.classes")

    return _done(form, act, lambda problem: _classes(form, of, problem))


def _done(form: FlaskForm, act: Act, page: Page) -> Answer:
    told = _("已保存，以后的派单按新的目录。")
    return answered(form, act, page, CatalogueRefused, OBSTACLES, told)


def _offer(session: Session, form: RowForm) -> None:
    named = {rule.category_code for rule in queries.rows_in_force(session)}
    units = [unit for unit in all_departments(session) if unit.is_active and not unit.is_hotline]
    form.offer(list(queries.categories(session)), districts(session), units, named)


def _list(problem: str = "") -> str:
    with acting_context().reading() as session:
        found = list(queries.categories(session))
        rules = queries.rows_in_force(session)
        return render_template(
            "routing/list.html",
            rules=rules,
            unnamed=queries.without_a_lead(found, rules),
            units=_units(session),
            names=_names(found),
            may_edit=current_user.has(*EDITORS),
            problem=problem,
        )


def _row_page(form: RowForm, rule_id: int | None = None, problem: str = "") -> str:
    with acting_context().reading() as session:
        _offer(session, form)
        rule = session.get(CatalogueRule, rule_id) if rule_id else None
        return render_template(
            "routing/row.html",
            form=form,
            rule=rule,
            versions=queries.versions_of(session, rule) if rule else [],
            retire=RetireForm(formdata=None, prefix="retire"),
            units=_units(session),
            names=_names(list(queries.categories(session))),
            may_edit=current_user.has(*EDITORS),
            problem=problem,
        )


def _classes(form: ClassForm | None = None, of: str = "", problem: str = "") -> str:
    with acting_context().reading() as session:
        found = list(queries.categories(session))
        rows = {one.code: [] for one in found}  # type: dict[str, list[CatalogueRule]]
        for rule in queries.rows_in_force(session):
            if rule.category_code:
                rows[rule.category_code].append(rule)
        forms = {}
        for category in found:
            forms[category.code] = form if form and of == category.code else ClassForm.of_class(category)
        fresh = form if form and not of else ClassForm(formdata=None)
        for one in (fresh, *forms.values()):
            one.offer(found)
        return render_template(
            "routing/classes.html",
            categories=[one for one in found if one.retired_at is None],
            retired=[one for one in found if one.retired_at is not None],
            forms=forms,
            fresh=fresh,
            adding=form is not None and not of,
            of=of,
            rows=rows,
            retire=RetireForm(formdata=None, prefix="retire"),
            problem=problem,
            may_edit=current_user.has(*EDITORS),
            names=_names(found),
        )


def _units(session: Session) -> dict[int, str]:
    return {one.id: one.name_en if is_english() else one.name_zh for one in departments(session)}


def _names(found: list[Category]) -> dict[str, str]:
    return {one.code: one.name_en if is_english() else one.name_zh for one in found}
