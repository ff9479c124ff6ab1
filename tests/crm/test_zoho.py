"""Zoho CRM, as its documentation says that it behaves, through a pull to what landed."""

from __future__ import annotations

from crm_shop import CrmShop


def account(number: int, **fields: object) -> dict[str, object]:
    return {"id": f"36000000000{number:06d}", "Account_Name": f"Invented {number}", **fields}


def test_accounts_land_as_customers(zoho: CrmShop) -> None:
    zoho.server.put(
        "Accounts",
        account(
            1,
            Account_Type="Reseller",
            Industry="Retail",
            Billing_City="杭州",
            Owner={"name": "Invented Owner", "id": "360000000000900001"},
            Modified_Time="2026-03-01T09:00:00+08:00",
        ),
    )
    (row,) = zoho.land("customers", "object: Accounts")
    assert row["customer_id"] == "36000000000000001"
    assert (row["name"], row["city"], row["industry"]) == ("Invented 1", "杭州", "Retail")
    assert (row["party_kind"], row["channel_kind"]) == ("channel", "dealer")
    assert row["owner_id"] == "360000000000900001"
    assert row["updated_at"] == row["_cursor"] == "2026-03-01T09:00:00+08:00"
    assert row["is_deleted"] == "false"
