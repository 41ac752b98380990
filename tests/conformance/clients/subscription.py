"""A subscription on a test clock, by Stripe's own library for Python. Prints what it saw as JSON."""

import json
import sys

import stripe

DAY = 86_400
START = 1_800_000_000

stripe.api_key = "sk_test_stripe_python"
stripe.api_base = sys.argv[1]


def advance(clock, days):
    moved = stripe.test_helpers.TestClock.advance(clock.id, frozen_time=START + days * DAY)
    while moved.status == "advancing":
        moved = stripe.test_helpers.TestClock.retrieve(clock.id)
    return moved.status


def declined():
    try:
        stripe.PaymentIntent.create(
            amount=1000,
            currency="usd",
            payment_method="pm_card_visa_chargeDeclinedInsufficientFunds",
            confirm=True,
            automatic_payment_methods={"enabled": True, "allow_redirects": "never"},
        )
    except stripe.CardError as error:
        return [error.http_status, error.code, error.error.decline_code]
    return None


clock = stripe.test_helpers.TestClock.create(frozen_time=START)
customer = stripe.Customer.create(
    email="ada@example.com",
    test_clock=clock.id,
    payment_method="pm_card_visa",
    invoice_settings={"default_payment_method": "pm_card_visa"},
)
price = stripe.Price.create(
    currency="usd", unit_amount=2000, recurring={"interval": "month"}, product_data={"name": "Pro"}
)
subscription = stripe.Subscription.create(customer=customer.id, items=[{"price": price.id}])
statuses = [subscription.status]

moved = advance(clock, 32)
paid = [invoice.amount_paid for invoice in stripe.Invoice.list(customer=customer.id).auto_paging_iter()]

method = stripe.PaymentMethod.attach("pm_card_chargeCustomerFail", customer=customer.id)
stripe.Customer.modify(customer.id, invoice_settings={"default_payment_method": method.id})
advance(clock, 63)
statuses.append(stripe.Subscription.retrieve(subscription.id).status)
statuses.append(stripe.Subscription.cancel(subscription.id).status)

for number in range(12):
    stripe.Product.create(name=f"Product {number}")
products = [product.name for product in stripe.Product.list(limit=5).auto_paging_iter()]

types = [event.type for event in stripe.Event.list(type="customer.subscription.*").auto_paging_iter()]

print(
    json.dumps(
        {
            "moved": moved,
            "statuses": statuses,
            "paid": paid,
            "declined": declined(),
            "products": len(products),
            "types": sorted(set(types)),
        }
    )
)
