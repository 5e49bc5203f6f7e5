"""From the configuration to what each part wants to know: the parts never see the configuration itself."""

from adapters.telegram.settings import Rates, TelegramSettings
from bot.model import AgencyContact, Office
from bot.routing import Road
from bot.settings import AuthSection, Settings, SmppSection, UpstreamSection
from bot.settings_sms_http import account_of
from dossier_client.settings import Auth, BasicAuth, BearerAuth, LgspAuth, NoAuth, OAuth2Auth, Route, UpstreamSettings
from sms.http.dialect import load
from sms.http.settings import HttpAccount
from sms.settings import SmppSettings, Timing


def office_of(settings: Settings) -> Office:
    """What the templates print."""
    office, sms = settings.office, settings.sms
    return Office(
        province=office.province,
        head=office.head,
        short_code=sms.short_codes[0],
        hotline=office.hotline,
        web=office.web,
        public_url=settings.http.public_url.rstrip("/"),
        opening_hours=office.opening_hours,
        saturday_hours=office.saturday_hours,
        agency=office.agency,
        agencies={
            agency.code: AgencyContact(
                address=agency.address,
                phone=agency.phone,
                hours=agency.hours,
                saturday_hours=agency.saturday_hours,
            )
            for agency in settings.agencies
        },
        example_code=office.example_code,
        message_price_vnd=sms.mo_price_vnd,
        prefix=sms.prefix,
        asks_for_ratings=office.asks_for_ratings,
        sensitive_procedures=office.sensitive_procedures,
    )


def upstreams_of(settings: Settings) -> list[UpstreamSettings]:
    """The one-stop systems."""
    return [_upstream(section) for section in settings.upstreams]


def smpp_accounts_of(settings: Settings) -> list[SmppSettings]:
    """The accounts at operators."""
    return [_account(section) for section in settings.sms.smpp]


def telegram_of(settings: Settings) -> TelegramSettings | None:
    """The bot; None without a token."""
    section = settings.telegram
    if not section.is_on:
        return None
    is_called = section.mode == "webhook"
    return TelegramSettings(
        token=section.token.get_secret_value(),
        secret_token=section.secret_token.get_secret_value(),
        webhook_url=f"{settings.http.public_url}/hooks/telegram" if is_called else "",
        base_url=section.base_url,
        base_file_url=section.base_file_url,
        proxy=section.proxy.get_secret_value(),
        concurrent=section.concurrent,
        rates=Rates(overall=section.rate),
    )


def http_accounts_of(settings: Settings) -> list[HttpAccount]:
    """The accounts at providers that speak HTTP."""
    return [account_of(section) for section in settings.sms.http]


def roads_of(settings: Settings) -> list[Road]:
    """All accounts by which an SMS may leave."""
    lines = [
        Road(route=f"smpp:{line.name}", price_vnd=line.mt_price_vnd, charged=line.mt_charged)
        for line in settings.sms.smpp
    ]
    accounts = [
        Road(
            route=f"http:{section.name}",
            price_vnd=section.mt_price_vnd,
            short_codes=frozenset(section.short_codes),
            takes_unasked=load(section.dialect).outbound is not None,
            charged=section.mt_charged,
        )
        for section in settings.sms.http
    ]
    return [*lines, *accounts]


def _upstream(section: UpstreamSection) -> UpstreamSettings:
    return UpstreamSettings(
        name=section.name,
        base_url=section.base_url,
        kind=section.kind,
        heads=section.heads,
        routes=[
            Route(head=route.head, first=route.dates[0], last=route.dates[1], order=route.order)
            for route in section.routes
        ],
        auth=_auth(section.auth),
        timeout_s=section.timeout_s,
        max_concurrent=section.max_concurrent,
        max_waiting=section.max_waiting,
        ca_file=section.ca_file,
        group_id=section.group_id,
    )


def _auth(section: AuthSection) -> Auth:
    match section.kind:
        case "none":
            return NoAuth()
        case "bearer":
            return BearerAuth(section.token.get_secret_value())
        case "basic":
            return BasicAuth(section.user, section.password.get_secret_value())
        case "oauth2":
            return OAuth2Auth(section.token_url, section.client_id, section.client_secret.get_secret_value())
        case "lgsp":
            return LgspAuth(section.token.get_secret_value())


def _account(section: SmppSection) -> SmppSettings:
    same = section.model_dump(
        exclude={"password", "enquire_link_s", "response_timeout_s", "extra_tlvs", "mt_price_vnd"}
    )
    return SmppSettings(
        **same,
        password=section.password.get_secret_value(),
        timing=Timing(idle=section.enquire_link_s, response=section.response_timeout_s),
        extra_tlvs=tuple((int(tag, 16), bytes.fromhex(octets)) for tag, octets in section.extra_tlvs.items()),
    )
