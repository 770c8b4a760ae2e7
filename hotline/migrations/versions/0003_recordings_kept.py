"""tracks checked and kept, versions of transcripts, their index, notices, holds, deletion log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _recordings()
    _transcripts()
    _retention()
    for statement in _INDEX[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("segment_index")
    op.drop_table("deletion_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION deletion_entry_is_append_only()")
    op.drop_table("legal_hold")
    op.drop_table("call_notice")
    op.drop_table("earlier_transcript")
    with op.batch_alter_table("track") as track:
        track.drop_column("findings")
        track.drop_column("samples_sha256")
    with op.batch_alter_table("recording") as recording:
        recording.drop_index(op.f("ix_recording_keep_due_at"))
        recording.drop_column("again_by")
        for name in _MOMENTS_OF_RECORDING:
            recording.drop_column(name)


_MOMENTS_OF_RECORDING = ("keep_due_at", "kept_at", "again_until_at", "audio_deleted_at", "text_deleted_at")


def _recordings() -> None:
    with op.batch_alter_table("recording") as recording:
        for name in _MOMENTS_OF_RECORDING:
            recording.add_column(sa.Column(name, _MOMENT, nullable=True))
        recording.add_column(sa.Column("again_by", sa.String(80), nullable=False, server_default=""))
        recording.create_index(op.f("ix_recording_keep_due_at"), ["keep_due_at"])
    with op.batch_alter_table("track") as track:
        track.add_column(sa.Column("samples_sha256", sa.String(64), nullable=False, server_default=""))
        track.add_column(sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"))


def _transcripts() -> None:
    op.create_table(
        "earlier_transcript",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("model_name", sa.String(80), nullable=False),
        sa.Column("model_hash", sa.String(64), nullable=False),
        sa.Column("transcribed_at", _MOMENT, nullable=True),
        sa.Column("superseded_at", _MOMENT, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recording.id"], name=op.f("fk_earlier_transcript_recording_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_transcript")),
    )
    op.create_index(op.f("ix_earlier_transcript_recording_id"), "earlier_transcript", ["recording_id"])
    op.create_table(
        "call_notice",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("tongue", sa.String(20), nullable=False),
        sa.Column("plan_version", sa.Integer(), nullable=True),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("heard_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_notice_call_id")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_notice")),
    )


def _retention() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("placed_by_id", sa.Integer(), nullable=True),
        sa.Column("placed_by", sa.String(60), nullable=False),
        sa.Column("lifted_at", _MOMENT, nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_by", sa.String(60), nullable=False),
        sa.Column("lift_reason", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "(ticket_id IS NULL) <> (call_id IS NULL)", name=op.f("ck_legal_hold_one_of_both")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_legal_hold_ticket_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_legal_hold_call_id")),
        *(
            sa.ForeignKeyConstraint([column], ["user_account.id"], name=op.f(f"fk_legal_hold_{column}"))
            for column in ("placed_by_id", "lifted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_ticket_id"), "legal_hold", ["ticket_id"])
    op.create_index(op.f("ix_legal_hold_call_id"), "legal_hold", ["call_id"])
    op.create_table(
        "deletion_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("call_day", sa.String(10), nullable=False),
        sa.Column("period_days", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_entry")),
    )
    op.create_index(op.f("ix_deletion_entry_at"), "deletion_entry", ["at"])
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


# The deletion log is written and read. Whoever has the database's password can still drop the triggers.
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER deletion_entry_{act.lower()} BEFORE {act} ON deletion_entry "
        "BEGIN SELECT RAISE(ABORT, 'the deletion log is append only'); END"
        for act in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION deletion_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the deletion log is append only'; END $$",
        "CREATE TRIGGER deletion_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deletion_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION deletion_entry_is_append_only()",
    ],
}

# One row a segment, by its id; `terms` are made by hotline/transcripts/index.py.
_INDEX = {
    "sqlite": [
        "CREATE VIRTUAL TABLE segment_index USING fts5(terms, tokenize='unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "CREATE TABLE segment_index (rowid BIGINT PRIMARY KEY, terms TSVECTOR NOT NULL)",
        "CREATE INDEX ix_segment_index_terms ON segment_index USING gin (terms)",
    ],
}
