// A subscription on a test clock, by Stripe's own library for Go. Prints what it saw as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"

	stripe "github.com/stripe/stripe-go/v85"
)

const (
	day   = 86_400
	start = 1_800_000_000
)

type seen struct {
	Moved    string   `json:"moved"`
	Statuses []string `json:"statuses"`
	Paid     []int64  `json:"paid"`
	Declined []any    `json:"declined"`
	Products int      `json:"products"`
	Types    []string `json:"types"`
}

var ctx = context.Background()

func main() {
	backends := stripe.NewBackendsWithConfig(&stripe.BackendConfig{URL: stripe.String(os.Args[1])})
	client := stripe.NewClient("sk_test_stripe_go", stripe.WithBackends(backends))
	clock := must(client.V1TestHelpersTestClocks.Create(ctx, &stripe.TestHelpersTestClockCreateParams{
		FrozenTime: stripe.Int64(start),
	}))
	customer := must(client.V1Customers.Create(ctx, &stripe.CustomerCreateParams{
		Email:           stripe.String("grace@example.com"),
		TestClock:       stripe.String(clock.ID),
		PaymentMethod:   stripe.String("pm_card_visa"),
		InvoiceSettings: &stripe.CustomerCreateInvoiceSettingsParams{DefaultPaymentMethod: stripe.String("pm_card_visa")},
	}))
	price := must(client.V1Prices.Create(ctx, &stripe.PriceCreateParams{
		Currency:    stripe.String("usd"),
		UnitAmount:  stripe.Int64(2000),
		Recurring:   &stripe.PriceCreateRecurringParams{Interval: stripe.String("month")},
		ProductData: &stripe.PriceCreateProductDataParams{Name: stripe.String("Pro")},
	}))
	subscription := must(client.V1Subscriptions.Create(ctx, &stripe.SubscriptionCreateParams{
		Customer: stripe.String(customer.ID),
		Items:    []*stripe.SubscriptionCreateItemParams{{Price: stripe.String(price.ID)}},
	}))
	saw := seen{Statuses: []string{string(subscription.Status)}}

	saw.Moved = advance(client, clock.ID, 32)
	for invoice := range client.V1Invoices.List(ctx, &stripe.InvoiceListParams{Customer: stripe.String(customer.ID)}).All(ctx) {
		saw.Paid = append(saw.Paid, invoice.AmountPaid)
	}

	method := must(client.V1PaymentMethods.Attach(ctx, "pm_card_chargeCustomerFail", &stripe.PaymentMethodAttachParams{
		Customer: stripe.String(customer.ID),
	}))
	must(client.V1Customers.Update(ctx, customer.ID, &stripe.CustomerUpdateParams{
		InvoiceSettings: &stripe.CustomerUpdateInvoiceSettingsParams{DefaultPaymentMethod: stripe.String(method.ID)},
	}))
	advance(client, clock.ID, 63)
	later := must(client.V1Subscriptions.Retrieve(ctx, subscription.ID, nil))
	canceled := must(client.V1Subscriptions.Cancel(ctx, subscription.ID, nil))
	saw.Statuses = append(saw.Statuses, string(later.Status), string(canceled.Status))

	for number := range 12 {
		must(client.V1Products.Create(ctx, &stripe.ProductCreateParams{Name: stripe.String(fmt.Sprintf("Product %d", number))}))
	}
	products := &stripe.ProductListParams{}
	products.Limit = stripe.Int64(5)
	for range client.V1Products.List(ctx, products).All(ctx) {
		saw.Products++
	}

	for event := range client.V1Events.List(ctx, &stripe.EventListParams{Type: stripe.String("customer.subscription.*")}).All(ctx) {
		saw.Types = append(saw.Types, string(event.Type))
	}
	slices.Sort(saw.Types)
	saw.Types = slices.Compact(saw.Types)
	saw.Declined = declined(client)
	must(0, json.NewEncoder(os.Stdout).Encode(saw))
}

func advance(client *stripe.Client, clock string, days int64) string {
	moved := must(client.V1TestHelpersTestClocks.Advance(ctx, clock, &stripe.TestHelpersTestClockAdvanceParams{
		FrozenTime: stripe.Int64(start + days*day),
	}))
	for moved.Status == stripe.TestHelpersTestClockStatusAdvancing {
		moved = must(client.V1TestHelpersTestClocks.Retrieve(ctx, clock, nil))
	}
	return string(moved.Status)
}

func declined(client *stripe.Client) []any {
	_, err := client.V1PaymentIntents.Create(ctx, &stripe.PaymentIntentCreateParams{
		Amount:        stripe.Int64(1000),
		Currency:      stripe.String("usd"),
		PaymentMethod: stripe.String("pm_card_visa_chargeDeclinedInsufficientFunds"),
		Confirm:       stripe.Bool(true),
		AutomaticPaymentMethods: &stripe.PaymentIntentCreateAutomaticPaymentMethodsParams{
			Enabled:        stripe.Bool(true),
			AllowRedirects: stripe.String("never"),
		},
	})
	var refused *stripe.Error
	if !errors.As(err, &refused) {
		return nil
	}
	return []any{refused.HTTPStatusCode, refused.Code, refused.DeclineCode}
}

func must[Value any](value Value, err error) Value {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
