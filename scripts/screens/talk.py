"""Who is in the hub of the pictures, and what they said there."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Any, Final

from screens.contents import LIST, landscape, tone
from screens.guest import Guest

READINGS: Final = """Readings so far, and what makes them:

```python
def mean(values: list[float]) -> float:
    \"\"\"Without the highest and the lowest.\"\"\"
    kept = sorted(values)[1:-1]
    return sum(kept) / len(kept)  # in metres
```"""
TABLE: Final = """| Well | Yesterday | Today |
| :--- | ---: | ---: |
| North | 4.2 m | **4.4 m** |
| South | 3.9 m | 3.7 m |

- [x] Clean the north filter
- [x] Read both meters
- [ ] Order a new seal
- [ ] Tell ||whoever broke the old one|| that it is no matter"""
LONG: Final = "\n".join(f"{n:02}:00  {4 + n % 5 / 10:.1f}  {3 + n % 7 / 10:.1f}" for n in range(40))


class Cast:
    """`me` is who looks at the page, `desk` the host; `kitchen`, `field` and `workshop` are others.

    `talk` has them say everything, once; `freshen` makes some of it new again.
    """

    def __init__(self, base: str, ticket: str) -> None:
        self.desk = Guest(base, "Front desk", ticket)
        self.me = Guest(base, "Library")
        self.kitchen = Guest(base, "Kitchen")
        self.field = Guest(base, "Field team")
        self.workshop = Guest(base, "סדנה")
        self.others = [Guest(base, name) for name in ("Garage", "Night shift")]
        self.seen = [self.desk, self.me, self.kitchen, self.field, self.workshop]
        self.all = [*self.seen, *self.others]

    @property
    def is_colourful(self) -> bool:
        """Whether all who are seen most have colours of their own, which come from their ids."""
        return len({guest.tint for guest in self.seen}) == len(self.seen)

    def talk(self, stack: ExitStack) -> None:
        """Say everything, then be there until the stack is closed."""
        self._general()
        self._kitchen()
        self._workshop()
        self._elsewhere()
        self._garden()
        self._self()
        self.desk.stay(stack, "general")
        self.kitchen.stay(stack, "general", "kitchen")
        self.field.stay(stack, "general", "kitchen")
        self.workshop.stay(stack, "general", "workshop")
        self.others[0].stay(stack, "kitchen")

    def _general(self) -> None:
        """The room of README's pictures."""
        desk, kitchen, field, workshop = self.desk, self.kitchen, self.field, self.workshop
        desk.deed("name", text="The old mill")
        first = desk.say("Good morning. The power is back, the line to town is **not**.")
        desk.do("topic", text="Everything about today")
        pinned = desk.say("All of this works without it: rooms, files, the list of printers.")
        lunch = kitchen.say("Lunch at 12:30 for the field team, 13:00 for everyone else.")
        field.say("Back at noon. North well 4.4 m, south well 3.7 m.")
        workshop.say("המחרטה פנויה אחרי עשר. מי צריך אותה היום?")
        box = kitchen.say("Somebody left a *very* full lunch box in the fridge. Blue lid.")
        ours = field.say("That is ours. Please save it.", re=box)
        self.me.say("It is on the top shelf now, with your name on it.", re=box)
        poll = self._poll()
        me = {"Library": self.me.who}
        asked = field.say("@Library is there a map of the north well?", to=me)
        for n in (lunch, pinned):
            desk.do("pin", of=n)
        for guest, n, emoji in (
            (kitchen, ours, "😄"), (workshop, ours, "😄"), (self.me, ours, "🥪"),
            (field, lunch, "👍"), (self.me, lunch, "👍"),
        ):  # fmt: skip
            guest.do("react", of=n, text=emoji)
        self.asked, self.poll, self.box, self.first = asked, poll, box, first
        for guest, n in ((desk, asked), (kitchen, asked), (workshop, poll)):
            guest.do("seen", n=n)

    def _poll(self) -> int:
        answers = ["Today at 16:00", "Tomorrow at 10:00"]
        n = self.desk.say("When do we test the generator?", poll={"answers": answers})
        for guest, choice in ((self.desk, 1), (self.kitchen, 1), (self.field, 2), (self.me, 1)):
            guest.do("vote", of=n, choice=[choice])
        return n

    def _kitchen(self) -> None:
        """Everything that can happen to a message."""
        kitchen, me, field = self.kitchen, self.me, self.field
        kitchen.say("What is in the house for tonight?", "kitchen")
        kitchen.do("topic", "kitchen", text="Meals, and who cooks them")
        kitchen.do("look", "kitchen", icon="🍲", tint="orange")
        n = me.say("Bread, and soup of yesterday", "kitchen")
        me.do("edit", "kitchen", of=n, text="Bread, and yesterday's soup")
        me.do("edit", "kitchen", of=n, text="Bread, and yesterday's soup. It is *better* today.")
        gone = field.say("A word too many", "kitchen")
        field.do("erase", "kitchen", of=gone)
        self.desk.ask("POST", f"/api/chat/general/{self.first}/forward", {"to": "kitchen"})
        base = self.me.base
        field.say(
            f"See #workshop, {base}/general#n={self.box} and {base}/general#person={me.who}, or "
            "http://192.168.1.5/map.pdf",
            "kitchen",
        )
        answers = ["Soup", "Rice with everything that is left over from the week", "Nothing"]
        poll = kitchen.say("And tomorrow?", "kitchen", poll={"answers": answers, "many": True})
        me.do("vote", "kitchen", of=poll, choice=[1, 2])
        field.do("vote", "kitchen", of=poll, choice=[2])
        kitchen.do("end", "kitchen", of=poll)
        kitchen.say("🎉", "kitchen")
        many = kitchen.say("Rice it is. Thank you all.", "kitchen")
        for guest, emoji in zip(self.all * 2, "👍❤🎉😄👏🍚👀🙏🥄🔥", strict=False):
            guest.do("react", "kitchen", of=many, text=emoji)
        for guest in (kitchen, field):
            guest.do("seen", "kitchen", n=many)

    def _workshop(self) -> None:
        """Everything that a message can hold."""
        workshop, field = self.workshop, self.field
        workshop.say("שלום! כאן מדברים על המחרטה, על הבארות ועל כל מה שנשבר.", "workshop")
        field.say(TABLE, "workshop")
        field.say(READINGS, "workshop")
        self.me.say(
            "> Without the highest and the lowest.\n\nA good rule. `sorted` is stable, too, and "
            "~~slow~~ quick enough here.", "workshop",
        )  # fmt: skip
        field.say(f"All of today:\n\n```\n{LONG}\n```", "night-shift")

    def _elsewhere(self) -> None:
        """Rooms of every kind, in every state that the list shows."""
        desk, me, kitchen, field = self.desk, self.me, self.kitchen, self.field
        for room, icon, tint in (("field-notes", "🌱", "green"), ("garden", "🌻", "yellow"),
                                 ("roof", "", "blue")):  # fmt: skip
            desk.say(f"This is where {room} talks.", room)
            desk.do("look", room, icon=icon, tint=tint)
        desk.do("topic", "garden", text="Beans, bees, and the water butt")
        desk.deed("slow", room="night-shift", seconds=60)
        desk.say("Tomorrow the water is off from nine to ten.",
                 desk.make("announcements", title="News", name="news"))  # fmt: skip
        private = me.make("private", title="Birthday on Friday")
        for guest in (kitchen, field):
            me.do("invite", private, whom=guest.who)
        me.say("Who bakes?", private)
        old = me.make("private", title="Last winter")
        me.say("It was cold.", old)
        me.do("archive", old)
        self.direct = kitchen.make("direct", whom=me.who)
        kitchen.say("Is the big pot with you?", self.direct)
        me.say("It is, I bring it over.", self.direct)
        kitchen.do("seen", self.direct, n=3)
        field.say("The keys are in the drawer.", field.make("direct", whom=me.who))
        self.private = private
        last = {room["name"]: room["last"] for room in me.ask("GET", "/api/rooms")["rooms"]}
        for room in ("news", "night-shift", "workshop", "kitchen", self.direct):
            me.do("seen", room, n=last[room])
        me.prefer(rooms={"of": {"kitchen": {"favourite": True}, "roof": {"muted": True},
                                "garden": {"hidden": True}}})  # fmt: skip
        self.freshen()

    def _garden(self) -> None:
        """Files of every kind."""
        pond = landscape(960, 640, (150, 190, 230), 0)
        others = {
            "morning.png": landscape(480, 360, (240, 180, 150), 1),
            "noon.png": landscape(480, 360, (140, 190, 240), 3),
            "evening.png": landscape(480, 360, (220, 130, 110), 5),
        }
        self.field.send({"pond.png": pond}, "The pond is full again.", "garden")
        self.workshop.send(others, "", "garden")
        self.kitchen.send({"frogs.wav": tone(4)}, "Listen to the frogs", "garden")
        self.field.send({"plan.pdf": b"%PDF-1.7\n" + bytes(40_000)}, "", "garden")
        self.me.send({"seeds.txt": LIST.encode()}, "What we still need:", "garden")

    def _self(self) -> None:
        """What everybody says of themselves."""
        for guest, emoji, text, busy in (
            (self.kitchen, "🍜", "Cooking until one", True),
            (self.field, "🚙", "At the north well", False),
            (self.me, "📚", "", False),
        ):
            status: dict[str, Any] = {"emoji": emoji, "text": text, "busy": busy}
            guest.ask("PUT", "/api/me/status", {**status, "until": time.time() + 7200})

    def freshen(self) -> None:
        """Say something new in rooms that whoever looks at the page does not open."""
        for text in ("North filter is clean.", "South filter too."):
            self.field.say(text, "field-notes")
        me = {"Library": self.me.who}
        self.field.say("@Library where is the old map of the wells?", "field-notes", to=me)
        self.others[0].say("The ladder is back.", "roof")
