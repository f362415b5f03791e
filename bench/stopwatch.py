"""A stopwatch inside a real page: from what the thumb did to the frame that shows the answer.

The page's own clock is read, so that what drives the browser is not in the figure. The throttle
slows the page's thread; the browser's own work (disk, cryptography, workers) runs at full speed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Playwright

from tests.browser import Chromium
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until

PROBE = """
(() => {
  const probe = { turn: 0, key: 0, start: null, end: null, worker: 0, busy: 0 }
  window.bench = probe
  addEventListener('keydown', (event) => (probe.key = event.timeStamp), { capture: true })
  probe.watch = (type, ...dones) => {
    const mine = ++probe.turn
    let at = 0
    probe.start = type === null ? 0 : null
    probe.ends = []
    probe.end = null
    const hear = (event) => {
      if (mine === probe.turn) probe.start = type === 'input' ? probe.key : event.timeStamp
    }
    if (type !== null) addEventListener(type, hear, { capture: true })
    const look = () => {
      if (mine !== probe.turn) return
      if (probe.start === null || !dones[at]()) return void requestAnimationFrame(look)
      const last = ++at === dones.length
      setTimeout(() => {
        if (mine !== probe.turn) return
        probe.ends.push(performance.now() - probe.start)
        if (last) probe.end = performance.now()
      })
      if (!last) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }
  const Plain = window.Worker
  window.Worker = class extends Plain {
    postMessage(...words) { this.asked = performance.now(); super.postMessage(...words) }
    terminate() { probe.worker = performance.now() - this.asked; super.terminate() }
  }
})()
"""
FIXED_WORK = """() => {
  const from = performance.now()
  let sum = 0
  for (let at = 0; at < 2e7; at++) sum = (sum + at * at) % 1000003
  return sum < 0 ? 0 : performance.now() - from
}"""
TIMEOUT_MS = 120_000


class SlowPhone(FieldWorker):
    """Somebody's phone whose page can be slowed down before it opens the app."""

    def __init__(self, play: Playwright, chromium: Chromium, disk: Path, address: str) -> None:
        super().__init__("kari", play, chromium, disk, address)
        self.home = address
        self._line: CDPSession | None = None

    def open(self, throttle: float) -> None:
        """A fresh browser process, its page slowed down, and no app in it yet."""
        self.phone.address = "about:blank"
        self.phone.start()
        self.phone.address = self.home
        self.page.add_init_script(PROBE)
        self.page.set_default_timeout(TIMEOUT_MS)
        self._line = self.page.context.new_cdp_session(self.page)
        self.tell("Emulation.setCPUThrottlingRate", rate=throttle)

    def tell(self, command: str, **words: Any) -> Any:
        """A word with the browser's own tools."""
        assert self._line is not None
        return self._line.send(command, words)

    def fixed_work_ms(self) -> float:
        """What a loop costs that is always the same: says whether the throttle holds."""
        return float(self.page.evaluate(FIXED_WORK))

    def time(self, event: str, shown: str, act: Callable[[], object]) -> float:
        """Milliseconds from the last `event` of `act()` to the frame in which `shown` is true."""
        return self.times(event, (shown,), act)[0]

    def times(self, event: str, shown: Sequence[str], act: Callable[[], object]) -> list[float]:
        """The same for what comes to be true one after the other."""
        seen = ", ".join(f"() => {one}" for one in shown)
        self.page.evaluate(f"bench.watch('{event}', {seen})")
        act()
        self.read()
        return [float(ms) for ms in self.page.evaluate("bench.ends")]

    def time_load(self, shown: str, act: Callable[[], object]) -> float:
        """Milliseconds from the beginning of a navigation to the frame in which `shown` is true."""
        start = f"addEventListener('DOMContentLoaded', () => bench.watch(null, () => {shown}))"
        self.page.add_init_script(start)
        act()
        return self.read()

    def read(self) -> float:
        """What the watch says, once it has stopped."""
        wait_until(lambda: self.page.evaluate("window.bench?.end"), "the page shows it", 120)
        return float(self.page.evaluate("bench.end - bench.start"))

    def heap_mb(self) -> float:
        """What the page's JavaScript holds after a collection."""
        self.tell("HeapProfiler.collectGarbage")
        return float(self.tell("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def stored_mb(self) -> float:
        """What lies in IndexedDB, as the browser counts it."""
        estimate = self.page.evaluate("navigator.storage.estimate()")
        return float(estimate.get("usageDetails", {}).get("indexedDB", estimate["usage"])) / 1e6
