package browser

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// conditions are the parameters of Network.emulateNetworkConditions, which the protocol's newest description leaves out and
// every Chromium knows.
type conditions struct {
	Offline            bool    `json:"offline"`
	Latency            float64 `json:"latency"`            // ms
	DownloadThroughput float64 `json:"downloadThroughput"` // bytes a second; -1 for no limit
	UploadThroughput   float64 `json:"uploadThroughput"`
}

var emulate = cdp.Command[conditions, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

// Line makes the page's line as narrow as a telephone's: so many kbit a second each way, and latency for each request.
// Each tab has a line, and a cache, of its own.
func Line(kbit float64, latency time.Duration) Step {
	speed := kbit * 1000 / 8
	return wire(conditions{Latency: float64(latency.Milliseconds()), DownloadThroughput: speed, UploadThroughput: speed})
}

// Offline cuts the page's line; what is under way breaks.
func Offline() Step {
	return wire(conditions{Offline: true, DownloadThroughput: -1, UploadThroughput: -1})
}

// Online takes Line and Offline back.
func Online() Step { return wire(conditions{DownloadThroughput: -1, UploadThroughput: -1}) }

func wire(c conditions) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulate, c)
		return chromedp.Void{}, err
	}
}
