"""One citizen's story, step by step. Each step does what people would do, and is told only after it was seen
to have happened: in the database, in the files, on the line."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from hotline.calls import seats
from hotline.calls.models import Call, CallState
from hotline.calls.queries import calls_of_contact
from hotline.cli.demo import city, facts
from hotline.cli.demo.cast import Conversation, acting
from hotline.cli.demo.live import LiveWords
from hotline.cli.demo.sound import Voices
from hotline.cli.demo.telling import Narrator, StepFailed, require, until
from hotline.context import Context
from hotline.dispatch import service as dispatch
from hotline.dispatch.queries import suggest_lead
from hotline.follow_up.models import Attempt
from hotline.follow_up.queries import of_ticket
from hotline.replies import service as replies
from hotline.replies.models import Adoption, ContactWay
from hotline.replies.visits import VisitForm, record_visit
from hotline.review.service import accept_reply
from hotline.screening import service as screening
from hotline.telephones.service import NoSeat, desk_account, renew_desk_account
from hotline.tickets import rows
from hotline.tickets import service as tickets
from hotline.tickets.models import Ticket
from hotline.tickets.service import Draft
from hotline.tickets.states import State, TicketType
from hotline.transcripts.models import Recording, RecordingState, Speaker
from hotline.transcripts.queries import recordings_of_contact
from ivr.control import AmiCallControl
from ivr.network import NetworkCall, TelephoneNetwork, answer_by_keys
from recordings.accuracy import character_error_rate

CITIZEN = "13812345678"
AGENT = "wangli"
EXTENSION = "1001"
KEYS = ("1", "2")  # solved; satisfied
ANSWERED_WITHIN_S = 15.0  # GB/T 33358
SPEAKERS = {Speaker.CALLER: "市民", Speaker.AGENT: "坐席", Speaker.MIX: "合成"}
SATISFACTION = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}


class Story:
    """The state of one telling. Steps run in order; the first that fails ends the story."""

    def __init__(
        self, context: Context, network: TelephoneNetwork, narrator: Narrator, sentence: str, voices: Voices
    ) -> None:
        self.context, self.network, self.narrator = context, network, narrator
        self.sentence = sentence
        self.conversation = Conversation(voices)
        self.control = AmiCallControl(context.settings)
        self.ticket_id = 0
        self.call_id = 0
        self.live: LiveWords | None = None
        self.unit = ""
        self._citizen: NetworkCall | None = None
        self._callback: NetworkCall | None = None
        with context.reading() as session:
            self._calls_before = set(session.scalars(select(Call.id)))

    def steps(self) -> list[Callable[[], None]]:
        """The story in order."""
        return [
            self.agent_takes_a_seat,
            self.citizen_dials,
            self.agent_answers,
            self.call_ends,
            self.tracks_are_on_disk,
            self.words_become_text,
            self.agent_registers,
            self.screener_accepts,
            self.dispatcher_dispatches,
            self.department_signs,
            self.department_replies,
            self.hotline_reviews,
            self.citizen_is_called_back,
            self.ticket_is_closed,
            self.everything_is_in_the_history,
            self.agent_goes_home,
        ]

    def agent_takes_a_seat(self) -> None:
        self.narrator.chapter("第一幕 来电", "Act one: the call")
        self.network.agent_phone(EXTENSION, self._password(), self.conversation.agent)
        until(self._seat_accepted, "agent's sign-on")
        self.narrator.tell(
            f"座席王丽就位，话机 {EXTENSION} 已注册，状态：空闲",
            f"Agent Wang Li takes her seat; telephone {EXTENSION} is registered, she is ready",
        )

    def citizen_dials(self) -> None:
        number = self.context.settings.hotline_number
        self._citizen = self.network.citizen_calls(CITIZEN, self.conversation.citizen)
        self.narrator.tell(
            f"市民从电话网经 SIP 中继拨打 {number}", f"A citizen dials {number} over the SIP trunk"
        )
        call = until(self._new_call, "the call's contact and draft ticket")
        self.call_id = call.id
        with self.context.reading() as session:
            self.ticket_id = session.scalars(
                select(Ticket.id).where(Ticket.contact_id == call.contact_id, Ticket.state == State.DRAFT)
            ).one()
        self.narrator.tell(
            f"来电记录和工单草稿已入库（草稿 {self.ticket_id}），市民正在听欢迎词和录音提示",
            f"Contact and draft ticket {self.ticket_id} are committed while the greeting plays",
        )

    def agent_answers(self) -> None:
        call = until(lambda: self._call_if(CallState.TALKING), "the agent's answer", 60)
        wait = call.wait_seconds or 0.0
        in_time = wait <= ANSWERED_WITHIN_S
        self.narrator.tell(
            f"王丽接听，排队等待 {wait:.1f} 秒（要求 15 秒内，{'达标' if in_time else '超时'}）",
            f"Wang Li answers after {wait:.1f} s in the queue (of 15 s: {'met' if in_time else 'late'})",
        )
        self._words_arrive()
        until(self.conversation.citizen_spoke.is_set, "what the citizen says", 120)
        self.narrator.tell(f"市民说：“{self.sentence}”", f"The citizen says: “{self.sentence}”")

    def _words_arrive(self) -> None:
        """On the agent's page, while the citizen speaks."""
        if not self.context.settings.live_text:
            return
        self.live = LiveWords(self.context.settings, self.call_id)
        until(self.conversation.citizen_speaks.is_set, "the citizen's first word", 120)
        self.live.wait_for_citizen()
        self.narrator.tell(
            f"市民开口 {self.live.seconds:.1f} 秒后，接线台出现第一批字：“{self.live.words}”",
            f"{self.live.seconds:.1f} s after the citizen began, the first words are on the agent's page: "
            f"“{self.live.words}”",
        )

    def call_ends(self) -> None:
        assert self._citizen is not None  # noqa: S101 (set two steps before)
        self._citizen.wait_ended(60)
        call = until(lambda: self._call_if(CallState.ENDED), "the end of the call")
        assert call.ended_at is not None  # noqa: S101
        seconds = (call.ended_at - call.started_at).total_seconds()
        self.narrator.tell(f"通话结束，共 {seconds:.1f} 秒", f"The call is over after {seconds:.1f} s")

    def tracks_are_on_disk(self) -> None:
        recording = until(self._recording_on_disk, "the recording, registered and on disk")
        speakers = {track.speaker for track in recording.tracks}
        require(
            {Speaker.CALLER, Speaker.AGENT, Speaker.MIX} <= speakers,
            f"tracks are missing: only {sorted(speakers)}",
        )
        tracks = [(SPEAKERS[track.speaker], track.speaker, track.seconds) for track in recording.tracks]
        self.narrator.tell(
            "录音分轨落盘：" + "，".join(f"{zh} {seconds:.1f} 秒" for zh, _en, seconds in tracks),
            "One track a speaker, and a mix: " + ", ".join(f"{en} {span:.1f} s" for _zh, en, span in tracks),
        )

    def _recording_on_disk(self) -> Recording | None:
        """The recording once every track is more than a WAV header; they may be renamed just now."""
        recording = self._recording()
        if recording is None:
            return None
        paths = [self.context.settings.spool_dir / track.path for track in recording.tracks]
        return recording if all(path.exists() and path.stat().st_size > 44 for path in paths) else None

    def words_become_text(self) -> None:
        until(self._transcribed, "the transcript", 120)
        with self.context.reading() as session:
            heard = facts.heard_from_citizen(session, rows.get(session, self.ticket_id))
        require(bool(heard), "the citizen's track has no text")
        rate = character_error_rate(self.sentence, heard)
        self.narrator.tell(
            f"Vosk 转写市民：“{heard}”（字错误率 {rate:.1%}）",
            f"Vosk hears: “{heard}” (character error rate {rate:.1%})",
        )

    def agent_registers(self) -> None:
        self.narrator.chapter("第二幕 工单", "Act two: the ticket")
        matter = city.matter_of(self.sentence)
        self.unit = matter.unit
        district = next((name for name in city.DISTRICTS if name in self.sentence), "")
        draft = Draft(
            type=TicketType.COMPLAINT,
            category_code=matter.code,
            district=district,
            description=self.sentence,
            demands=["请尽快处理并回复"],
            complainant_name="王先生",
        )
        number = tickets.register(acting(self.context, AGENT), self.ticket_id, draft)
        self.narrator.tell(
            f"王丽登记工单 {number}：投诉 / {matter.zh}",
            f"Wang Li registers {number}: complaint, {matter.en}",
        )

    def screener_accepts(self) -> None:
        screening.accept(acting(self.context, "zhaolei"), self.ticket_id, screening.Screened())
        self.narrator.tell(
            "赵磊初筛：政务服务类，一般件，及时办", "Zhao Lei screens: a service matter, normal"
        )

    def dispatcher_dispatches(self) -> None:
        with self.context.reading() as session:
            suggestion = suggest_lead(session, rows.get(session, self.ticket_id))
            if suggestion is None:
                raise StepFailed("the dispatch catalogue names no department")
            lead = suggestion.rule.lead
        due = dispatch.dispatch(acting(self.context, "sunmin"), self.ticket_id, lead.id)
        # Day limits end at midnight, which people write as 24:00 of the day before.
        last_day = (due.result_at - timedelta(seconds=1)).astimezone(self.context.settings.zone)
        with self.context.reading() as session:
            profile = rows.get(session, self.ticket_id).deadline_profile
        self.narrator.tell(
            f"孙敏按派单目录派给{lead.name_zh}，{last_day:%Y-%m-%d} 24:00 前办结（{profile}）",
            f"Sun Min dispatches to the {lead.name_en}, due {last_day:%Y-%m-%d} 24:00 by {profile}",
        )

    def department_signs(self) -> None:
        dispatch.sign(acting(self.context, city.handler_of(self.unit)), self.ticket_id)
        self.narrator.tell("承办单位签收", "The department signs for it")

    def department_replies(self) -> None:
        handler = acting(self.context, city.handler_of(self.unit))
        replies.record_contact(handler, self.ticket_id, ContactWay.PHONE, reached=True, note="已电话联系市民")
        answer = "已派人到现场核实并处理完毕，市民在场确认。"
        with self.context.reading() as session:
            questions = [question.id for question in rows.get(session, self.ticket_id).questions]
        visited = VisitForm(self.context.now(), handler.actor.name, "已处理完毕")
        record_visit(handler, self.ticket_id, visited)
        answers = dict.fromkeys(questions, answer)
        form = replies.ReplyForm(answer, answers, adoption=Adoption.TAKEN)  # kept of suggestions alone
        replies.write_reply(handler, self.ticket_id, form)
        replies.submit_reply(acting(self.context, city.leader_of(self.unit)), self.ticket_id)
        self.narrator.tell(
            "承办人联系市民、处理并回复，分管领导审签",
            "The handler speaks with the citizen and replies; the unit's leader signs it off",
        )

    def hotline_reviews(self) -> None:
        self.narrator.chapter("第三幕 回访", "Act three: the callback")
        self._callback = self.network.expect_callback(CITIZEN, answer_by_keys(KEYS))
        accept_reply(acting(self.context, "zhouhong"), self.ticket_id)
        self.narrator.tell(
            "周红审核通过，进入回访", "Zhou Hong accepts the reply; the citizen is to be asked"
        )

    def citizen_is_called_back(self) -> None:
        assert self._callback is not None  # noqa: S101 (set one step before)
        self._callback.wait_answered(90)
        self.narrator.tell(
            f"热线回访 {CITIZEN[:3]}****{CITIZEN[-4:]}，市民接听", "The hotline dials; the citizen answers"
        )
        self._callback.wait_ended(120)
        attempt = until(self._finished_attempt, "the recorded answers")
        require(attempt.digits == "".join(KEYS), f"keys {attempt.digits!r} were heard, {KEYS} were pressed")
        rating = SATISFACTION[int(attempt.digits[1])]
        self.narrator.tell(
            f"按键 {attempt.digits[0]}：已解决；按键 {attempt.digits[1]}：{rating}",
            f"Key {attempt.digits[0]}: solved. Key {attempt.digits[1]}: satisfied",
        )

    def ticket_is_closed(self) -> None:
        with self.context.reading() as session:
            ticket = rows.get(session, self.ticket_id)
        require(ticket.state is State.CLOSED, f"the ticket is {ticket.state}")
        require(
            ticket.solved is True and ticket.satisfaction == int(KEYS[1]), "the rating is not on the ticket"
        )
        self.narrator.tell(
            f"工单 {ticket.number} 办结：已解决，满意", f"Ticket {ticket.number} is closed: solved, satisfied"
        )

    def everything_is_in_the_history(self) -> None:
        wanted = (
            *(
                "open_record",
                "recording_transcribed",
                "submit",
                "accept",
                "dispatch",
                "sign",
                "citizen_contacted",
            ),
            *("reply_written", "submit_reply", "accept_reply", "answered_follow_up", "close"),
        )
        with self.context.reading() as session:
            history = rows.get(session, self.ticket_id).history
            seen = [line.event for line in history]
            actors = {line.actor_name for line in history}
        missing = [event for event in wanted if event not in seen]
        require(not missing, f"not in the history: {', '.join(missing)}")
        self.narrator.tell(
            f"全程留痕：{len(seen)} 条记录，{len(actors)} 位经办",
            f"The history has {len(seen)} lines by {len(actors)} actors",
        )

    def agent_goes_home(self) -> None:
        """Whoever opens the console afterwards finds no seat at work whose telephone has gone."""
        seats.sign_off(acting(self.context, AGENT), self.control, EXTENSION)
        self.narrator.tell("王丽下班，座席离线", "Wang Li goes home; her seat is offline")

    def _password(self) -> str:
        """Of the seat's desk telephone, made anew where somebody has revoked it."""
        try:
            return desk_account(self.context, EXTENSION).password
        except NoSeat:
            return renew_desk_account(self.context, self.control, EXTENSION).password

    def _seat_accepted(self) -> bool:
        seats.sign_on(acting(self.context, AGENT), self.control, EXTENSION)
        return True

    def _new_call(self) -> Call | None:
        with self.context.reading() as session:
            return session.scalar(select(Call).where(Call.id.not_in(self._calls_before)).order_by(Call.id))

    def _call_if(self, state: CallState) -> Call | None:
        with self.context.reading() as session:
            call = session.get_one(Call, self.call_id)
            found = calls_of_contact(session, call.contact_id)[0]
            return found if found.state is state else None

    def _recording(self) -> Recording | None:
        with self.context.reading() as session:
            contact_id = rows.get(session, self.ticket_id).contact_id
            return next(iter(recordings_of_contact(session, contact_id)), None)

    def _transcribed(self) -> bool:
        recording = self._recording()
        if recording is not None and recording.state is RecordingState.SET_ASIDE:
            raise StepFailed(f"the recording was set aside: {recording.failure}")
        return recording is not None and recording.state is RecordingState.DONE

    def _finished_attempt(self) -> Attempt | None:
        with self.context.reading() as session:
            follow_up = of_ticket(session, self.ticket_id)[-1]
            return next((attempt for attempt in follow_up.attempts if attempt.outcome), None)
