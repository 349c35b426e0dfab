# Generated from src/powens/_async/resources/configuration.py by scripts/generate_sync.py.
# Do not edit: change the source and run the script again.

"""Configuration of the domain."""

from __future__ import annotations

from collections.abc import Mapping

from ..._wire import Date, as_texts, build_path, day, make_request
from ...models import Certificate, ConfigLogsList, ConfigLogType
from ._base import Resource


class Configuration(Resource):
    """Configuration of the domain, with the configuration token of the console.

    `ConfigurationKey` lists the documented keys.

    (https://docs.powens.com/api-reference/api-setup/configuration)
    """

    def get(self, *, search: str | None = None) -> Mapping[str, str | None]:
        """Get the configuration.

        API: `GET /config`
        (https://docs.powens.com/api-reference/api-setup/configuration).

        Args:
            search: Only keys that match.

        Returns:
            The values by key, as text: a boolean is `0` or `1`.

        Raises:
            PowensError: The call failed; the class says why.
        """
        request = make_request("GET", build_path("config"), params={"search": search})
        return self._session.fetch_texts(request)

    def update(
        self, *, body: Mapping[str, object], search: str | None = None
    ) -> Mapping[str, str | None]:
        """Change the configuration.

        API: `POST /config`
        (https://docs.powens.com/api-reference/api-setup/configuration).

        Args:
            body: The new values by key; a bool is sent as `1` or `0`.
            search: Give only keys that match back.

        Returns:
            The values by key as they are now.

        Raises:
            TypeError: A value is no text, number or bool.
            PowensError: The call failed; the class says why.
        """
        request = make_request(
            "POST", build_path("config"), params={"search": search}, body=as_texts(body)
        )
        return self._session.fetch_texts(request)

    def list_logs(
        self,
        *,
        search: str | None = None,
        type_: ConfigLogType | str | None = None,
        min_date: Date | None = None,
        max_date: Date | None = None,
    ) -> ConfigLogsList:
        """Get the past changes of the configuration.

        API: `GET /config/logs`
        (https://docs.powens.com/api-reference/api-setup/configuration).

        Args:
            search: Only keys that match.
            type_: Only changes of this kind.
            min_date: First day.
            max_date: Last day.

        Returns:
            The changes. The reference announces an object of keys and values: each pair is a change
            then.

        Raises:
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            ConfigLogsList,
            make_request(
                "GET",
                build_path("config", "logs"),
                params={
                    "search": search,
                    "type": type_,
                    "min_date": day(min_date),
                    "max_date": day(max_date),
                },
            ),
        )

    def get_certificate(
        self,
        *,
        certificate_type: str,
    ) -> Certificate:
        """Get a certificate of the domain.

        API: `GET /certificate/{certificate_type}`
        (https://docs.powens.com/api-reference/api-setup/configuration).

        Args:
            certificate_type: Its type; the reference lists none.

        Returns:
            The certificate.

        Raises:
            PowensNotFoundError: There is no such certificate.
            PowensError: The call failed; the class says why.
        """
        return self._session.fetch(
            Certificate,
            make_request(
                "GET",
                build_path("certificate", certificate_type),
            ),
        )
