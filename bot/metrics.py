"""What is counted. Labels come from our own lists, never from a person."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

Counts = Callable[[], Mapping[str, Mapping[str, int]]]
"""What was counted, by name and event."""
STEP_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """The counters of one process, on a registry of their own so that tests do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter(
            "motcua_received", "Messages stored and acknowledged", ["channel", "kind"], registry=self.registry
        )
        self.refused = Counter("motcua_refused", "Messages not taken because the store refused", registry=self.registry)
        self.answered = Counter("motcua_answered", "Messages decided", ["channel", "intent"], registry=self.registry)
        self.silent = Counter(
            "motcua_silent", "Messages that got no answer on purpose", ["reason"], registry=self.registry
        )
        self.sent = Counter("motcua_sent", "Messages that left", ["route"], registry=self.registry)
        self.segments = Counter(
            "motcua_segments", "Segments that left: what operators bill", ["route"], registry=self.registry
        )
        self.send_failures = Counter(
            "motcua_send_failures", "Sends that did not succeed", ["route", "reason"], registry=self.registry
        )
        self.repeated = Counter(
            "motcua_sent_again",
            "Messages sent once more, flagged as possible duplicates",
            ["route"],
            registry=self.registry,
        )
        self.receipts = Counter("motcua_receipts", "Delivery receipts", ["route", "state"], registry=self.registry)
        self.photos = Counter(
            "motcua_photos", "Messages whose photos were looked at", ["channel", "result"], registry=self.registry
        )
        self.parked = Counter("motcua_parked", "Messages given up after five tries", registry=self.registry)
        self.seconds = Histogram(
            "motcua_answer_seconds",
            "From received to handed to the route",
            buckets=STEP_BUCKETS,
            registry=self.registry,
        )
        self.open = Gauge("motcua_inbound_open", "Messages not yet answered", registry=self.registry)
        self.oldest = Gauge(
            "motcua_inbound_oldest_seconds",
            "Age of the oldest message not yet answered; alarm above 30",
            registry=self.registry,
        )
        self.in_doubt = Gauge("motcua_in_doubt", "Messages whose arrival is unknown", registry=self.registry)
        self.promises = Gauge("motcua_promises_open", "Late answers owed", registry=self.registry)
        self.up = Gauge("motcua_up", "1 when a route or an upstream works", ["kind", "name"], registry=self.registry)

        self.template_cost = Gauge(
            "motcua_template_cost_vnd",
            "What approved templates cost this month, by our key",
            ["template"],
            registry=self.registry,
        )

    def count_lines(self, counts: Counts) -> None:
        """Show what happened on each line, by route and event, as it is when somebody asks."""
        self.registry.register(_Events("motcua_line_events", "What happened on an operator's line", "route", counts))

    def count_upstreams(self, counts: Counts) -> None:
        """Show what happened with each one-stop system: calls, retries, faults by reason, states on no list."""
        self.registry.register(
            _Events("motcua_upstream_events", "What happened with a one-stop system", "upstream", counts)
        )


class _Events(Collector):
    """Others count for themselves; nothing is copied until the figures are read."""

    def __init__(self, name: str, documentation: str, label: str, counts: Counts) -> None:
        self._name = name
        self._documentation = documentation
        self._label = label
        self._counts = counts

    def collect(self) -> Iterator[CounterMetricFamily]:
        """One family: who, and which event."""
        family = CounterMetricFamily(self._name, self._documentation, labels=[self._label, "event"])
        for name, events in self._counts().items():
            for event, times in events.items():
                family.add_metric([name, event], times)
        yield family
