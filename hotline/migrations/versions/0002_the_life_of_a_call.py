"""the life of a call."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _several_pbxs()
    _queueing()
    _call_plan()
    _phone_accounts()
    _line_security()
    _barred_callers()
    _monitoring()
    _conversations()
    _after_the_talk()
    _prompts()


def downgrade() -> None:
    op.drop_table("prompt_version")
    _after_the_talk_down()
    _conversations_down()
    _monitoring_down()
    op.drop_table("barred_caller")
    op.drop_table("line_alarm")
    op.drop_table("outgoing_call")
    op.drop_table("phone_account")
    _call_plan_down()
    _queueing_down()
    _several_pbxs_down()


def _several_pbxs() -> None:
    op.create_table(
        "pbx",
        sa.Column("name", sa.String(12), nullable=False),
        sa.Column("up", sa.Boolean(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pbx")),
    )
    op.create_table(
        "seat_line",
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("pbx", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_line_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "pbx", name=op.f("pk_seat_line")),
    )
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("pbx", sa.String(12), nullable=False, server_default=""))
        call.create_index(op.f("ix_call_pbx"), ["pbx"])


def _several_pbxs_down() -> None:
    with op.batch_alter_table("call") as call:
        call.drop_index(op.f("ix_call_pbx"))
        call.drop_column("pbx")
    op.drop_table("seat_line")
    op.drop_table("pbx")


def _queueing() -> None:
    op.create_table(
        "skill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name_zh", sa.String(40), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
        sa.Column("overflow_seconds", sa.Integer(), nullable=True),
        sa.Column("head_start_seconds", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("code", name=op.f("uq_skill_code")),
    )
    op.create_table(
        "user_skill",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("skill_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_skill_user_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_user_skill_skill_id")),
        sa.PrimaryKeyConstraint("user_id", "skill_id", name=op.f("pk_user_skill")),
    )
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("outgoing", sa.Boolean(), nullable=False, server_default=sa.false()))
        call.add_column(sa.Column("skill", sa.String(20), nullable=False, server_default=""))
        call.add_column(sa.Column("head_start_seconds", sa.Integer(), nullable=False, server_default="0"))
        call.add_column(sa.Column("estimated_seconds", sa.Integer(), nullable=True))
        call.add_column(sa.Column("estimated_at", sa.DateTime(timezone=True), nullable=True))
        call.add_column(sa.Column("told", sa.String(20), nullable=False, server_default=""))
        call.add_column(sa.Column("message_left_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("seat") as seat:
        seat.add_column(sa.Column("misses", sa.Integer(), nullable=False, server_default="0"))
    _owed_callbacks()


def _owed_callbacks() -> None:
    with op.batch_alter_table("owed_callback") as owed:
        owed.drop_index("ix_owed_callback_open")
        owed.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
        owed.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        owed.add_column(sa.Column("state", sa.String(20), nullable=False, server_default="waiting"))
        owed.add_column(sa.Column("reason", sa.String(20), nullable=False, server_default="abandoned"))
        owed.add_column(sa.Column("skill", sa.String(20), nullable=False, server_default=""))
        owed.add_column(sa.Column("done_reason", sa.String(200), nullable=False, server_default=""))
        owed.add_column(sa.Column("done_by_id", sa.Integer(), nullable=True))
        owed.create_foreign_key(op.f("fk_owed_callback_done_by_id"), "user_account", ["done_by_id"], ["id"])
        owed.create_index(op.f("ix_owed_callback_due_at"), ["due_at"])
    op.execute("UPDATE owed_callback SET joined_at = owed_at, due_at = owed_at")
    op.execute("UPDATE owed_callback SET state = 'done', due_at = NULL WHERE done_at IS NOT NULL")
    with op.batch_alter_table("owed_callback") as owed:
        owed.alter_column("joined_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    open_ones = sa.text("done_at IS NULL")
    op.create_index(
        "uq_owed_callback_open_number",
        "owed_callback",
        ["number"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_table(
        "callback_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owed_callback_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owed_callback_id"], ["owed_callback.id"], name=op.f("fk_callback_attempt_owed_callback_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_callback_attempt_call_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_callback_attempt_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback_attempt")),
        sa.UniqueConstraint("call_id", name=op.f("uq_callback_attempt_call_id")),
    )
    op.create_index(op.f("ix_callback_attempt_owed_callback_id"), "callback_attempt", ["owed_callback_id"])


def _queueing_down() -> None:
    op.drop_table("callback_attempt")
    with op.batch_alter_table("owed_callback") as owed:
        owed.drop_index("uq_owed_callback_open_number")
        owed.drop_index(op.f("ix_owed_callback_due_at"))
        owed.drop_constraint(op.f("fk_owed_callback_done_by_id"), type_="foreignkey")
        for name in ("joined_at", "due_at", "state", "reason", "skill", "done_reason", "done_by_id"):
            owed.drop_column(name)
        owed.create_index("ix_owed_callback_open", ["number", "done_at"])
    with op.batch_alter_table("seat") as seat:
        seat.drop_column("misses")
    with op.batch_alter_table("call") as call:
        for name in (
            "outgoing",
            "skill",
            "head_start_seconds",
            "estimated_seconds",
            "estimated_at",
            "told",
            "message_left_at",
        ):
            call.drop_column(name)
    op.drop_table("user_skill")
    op.drop_table("skill")


def _call_plan() -> None:
    op.create_table(
        "call_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(60), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_plan")),
        sa.UniqueConstraint("version", name=op.f("uq_call_plan_version")),
    )
    for state in ("draft", "live"):
        only = sa.text(f"state = '{state}'")
        names = (f"uq_call_plan_{state}", "call_plan", ["state"])
        op.create_index(*names, unique=True, sqlite_where=only, postgresql_where=only)
    op.create_table(
        "surge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=True),
        sa.Column("banner_zh", sa.String(120), nullable=False),
        sa.Column("banner_en", sa.String(240), nullable=False),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_by_id", sa.Integer(), nullable=True),
        sa.Column("on_by_name", sa.String(60), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by_id", sa.Integer(), nullable=True),
        sa.Column("off_by_name", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surge")),
        sa.UniqueConstraint("is_on", name=op.f("uq_surge_is_on")),
    )


def _call_plan_down() -> None:
    op.drop_table("surge")
    op.drop_table("call_plan")


def _phone_accounts() -> None:
    op.create_table(
        "phone_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("extension", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("serial", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_phone_account_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_account")),
        sa.UniqueConstraint("extension", "kind", name="uq_phone_account_extension_kind"),
    )


def _monitoring() -> None:
    op.create_table(
        "monitoring_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("extension", sa.String(10), nullable=False),
        sa.Column("channel_id", sa.String(80), nullable=True),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_monitoring_session_call_id")),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["user_account.id"], name=op.f("fk_monitoring_session_supervisor_id")
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["user_account.id"], name=op.f("fk_monitoring_session_agent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring_session")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_monitoring_session_channel_id")),
    )
    op.create_index(op.f("ix_monitoring_session_call_id"), "monitoring_session", ["call_id"])
    open_ones = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_monitoring_session_open",
        "monitoring_session",
        ["supervisor_id"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(60), nullable=False),
        sa.Column("deed", sa.String(20), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("whom_id", sa.Integer(), nullable=True),
        sa.Column("whom_name", sa.String(60), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("details", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_audit_entry_call_id")),
        sa.ForeignKeyConstraint(["whom_id"], ["user_account.id"], name=op.f("fk_audit_entry_whom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    for column in ("at", "actor_id", "call_id"):
        op.create_index(op.f(f"ix_audit_entry_{column}"), "audit_entry", [column])
    with op.batch_alter_table("seat") as seat:
        seat.add_column(sa.Column("next_state", sa.String(20), nullable=True))
        seat.add_column(sa.Column("next_reason", sa.String(60), nullable=False, server_default=""))
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


# The audit log is written and read. Whoever has the database's password can still drop the triggers.
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_entry_{act.lower()} BEFORE {act} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$",
        "CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()",
    ],
}


def _monitoring_down() -> None:
    with op.batch_alter_table("seat") as seat:
        seat.drop_column("next_reason")
        seat.drop_column("next_state")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_is_append_only()")
    op.drop_table("monitoring_session")


def _conversations() -> None:
    op.create_table(
        "duty_phone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("days", sa.String(20), nullable=False),
        sa.Column("weekdays", sa.String(7), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("until_time", sa.Time(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_duty_phone_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_phone")),
    )
    op.create_index(op.f("ix_duty_phone_department_id"), "duty_phone", ["department_id"])
    op.create_table(
        "conversation_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("meeting", sa.String(20), nullable=True),
        sa.Column("channel_id", sa.String(80), nullable=False),
        sa.Column("channel", sa.String(120), nullable=False),
        sa.Column("bridge", sa.String(80), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("extension", sa.String(10), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("muted", sa.Boolean(), nullable=False),
        sa.Column("holding", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_conversation_party_call_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_conversation_party_user_id")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_conversation_party_department_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_party")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_conversation_party_channel_id")),
    )
    op.create_index(op.f("ix_conversation_party_call_id"), "conversation_party", ["call_id"])
    op.create_table(
        "recording_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_recording_pause_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording_pause")),
    )
    op.create_index(op.f("ix_recording_pause_call_id"), "recording_pause", ["call_id"])
    _hand_overs_and_relays()


def _hand_overs_and_relays() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(10), nullable=False),
        sa.Column("number_shown", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_hand_over_call_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_hand_over_ticket_id")),
        sa.ForeignKeyConstraint(["party_id"], ["conversation_party.id"], name=op.f("fk_hand_over_party_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_hand_over_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    for column in ("call_id", "ticket_id"):
        op.create_index(op.f(f"ix_hand_over_{column}"), "hand_over", [column])
    op.create_table(
        "relay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("channel_id", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_relay_ticket_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_relay_department_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_relay_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_relay_channel_id")),
    )
    op.create_index(op.f("ix_relay_ticket_id"), "relay", ["ticket_id"])
    op.create_index("ix_relay_open", "relay", ["ticket_id", "ended_at"])


def _conversations_down() -> None:
    for table in ("relay", "hand_over", "recording_pause", "conversation_party", "duty_phone"):
        op.drop_table(table)


def _after_the_talk() -> None:
    with op.batch_alter_table("call") as call:
        call.add_column(sa.Column("rating", sa.Integer(), nullable=True))
        call.add_column(sa.Column("disposition", sa.String(30), nullable=False, server_default=""))
        call.add_column(sa.Column("disposed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("call_leg") as leg:
        leg.add_column(sa.Column("agent_id", sa.Integer(), nullable=True))
        leg.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("ring_seconds", "talk_seconds", "hold_seconds", "wrap_seconds"):
            leg.add_column(sa.Column(name, sa.Double(), nullable=True))
        leg.add_column(sa.Column("spans", sa.JSON(), nullable=False, server_default="[]"))
        leg.create_foreign_key(op.f("fk_call_leg_agent_id"), "user_account", ["agent_id"], ["id"])
        leg.create_index("ix_call_leg_agent_started", ["agent_id", "started_at"])
    with op.batch_alter_table("seat") as seat:
        seat.add_column(sa.Column("wrap_up_seconds", sa.Integer(), nullable=True))
    with op.batch_alter_table("skill") as skill:
        skill.add_column(sa.Column("wrap_up_seconds", sa.Integer(), nullable=True))


def _after_the_talk_down() -> None:
    with op.batch_alter_table("skill") as skill:
        skill.drop_column("wrap_up_seconds")
    with op.batch_alter_table("seat") as seat:
        seat.drop_column("wrap_up_seconds")
    with op.batch_alter_table("call_leg") as leg:
        leg.drop_index("ix_call_leg_agent_started")
        leg.drop_constraint(op.f("fk_call_leg_agent_id"), type_="foreignkey")
        for name in (
            "agent_id",
            "answered_at",
            "ring_seconds",
            "talk_seconds",
            "hold_seconds",
            "wrap_seconds",
            "spans",
        ):
            leg.drop_column(name)
    with op.batch_alter_table("call") as call:
        for name in ("rating", "disposition", "disposed_at"):
            call.drop_column(name)


def _line_security() -> None:
    op.create_table(
        "outgoing_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_outgoing_call_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_call")),
    )
    op.create_index("ix_outgoing_call_user_at", "outgoing_call", ["user_id", "at"])
    op.create_table(
        "line_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["seen_by_id"], ["user_account.id"], name=op.f("fk_line_alarm_seen_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_alarm")),
    )
    unseen = sa.text("seen_at IS NULL")
    op.create_index(
        "uq_line_alarm_open",
        "line_alarm",
        ["kind", "subject"],
        unique=True,
        sqlite_where=unseen,
        postgresql_where=unseen,
    )


def _barred_callers() -> None:
    op.create_table(
        "barred_caller",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("call_ids", sa.JSON(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["user_account.id"], name=op.f(f"fk_barred_caller_{name}"))
            for name in ("proposed_by_id", "decided_by_id", "revoked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_caller")),
    )
    op.create_index("ix_barred_caller_number_state", "barred_caller", ["number", "state"])


def _prompts() -> None:
    op.create_table(
        "prompt_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("voice", sa.String(20), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(60), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_prompt_version_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prompt_version")),
    )
    op.create_index("ix_prompt_version_language_name", "prompt_version", ["language", "name"])
