"""Somebody at a browser that WebDriver drives: what they do, and what they see."""

from __future__ import annotations

from typing import Any

from tests.patience import until

NAMED = "a, button, input, textarea, [role]"
"""What may be asked for by its role and name."""


class Person:
    """`driver` is selenium's."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def find(self, role: str, name: str, within: str = "body") -> Any:
        """The first element in sight that a screen reader calls so."""

        def look() -> Any:
            for element in self.driver.find_elements("css selector", f":is({within}) :is({NAMED})"):
                if self._is(element, role, name):
                    return element
            return None

        return until(look, f"there is no {role} {name}", 30)

    def _is(self, element: Any, role: str, name: str) -> bool:
        from selenium.common.exceptions import WebDriverException

        try:
            return (
                element.aria_role == role
                and name in element.accessible_name
                and element.is_displayed()
            )
        except WebDriverException:  # it is gone meanwhile
            return False

    def join(self, name: str) -> None:
        self.find("textbox", "Your name").send_keys(name)
        self.find("button", "Join").click()
        self.find("textbox", "Message")
        until(lambda: self.run("return document.title").startswith("general"), "they are not in")

    def say(self, text: str) -> None:
        self.find("textbox", "Message").send_keys(text)
        self.find("button", "Send").click()

    def points_at(self, selector: str) -> None:
        """Rests the pointer on the first element of that kind."""
        from selenium.webdriver import ActionChains

        element = self.driver.find_element("css selector", selector)
        ActionChains(self.driver).move_to_element(element).perform()

    def texts(self) -> list[str]:
        """The messages that are shown, and saved."""
        told: list[str] = self.run(
            "return [...document.querySelectorAll('[role=log] [role=article]:not(.pending) .text,"
            " [role=log] article:not(.pending) .text')].map((text) => text.innerText.trim())"
        )
        return told

    def sees(self, text: str) -> None:
        until(lambda: self.texts().count(text) == 1, f"{text!r} is not shown", 60)

    def status(self) -> str:
        """What the line below the header says of the connection."""
        told: str = self.run(
            "return document.querySelector('hearth-connection-status').innerText.trim()"
        )
        return told

    def run(self, script: str, *given: Any) -> Any:
        return self.driver.execute_script(script, *given)
