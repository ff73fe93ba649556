package demodata

// Article is an article of the demo, with a translation or without.
type Article struct {
	Section, Title, Body string
	StaffOnly            bool
	German               [2]string // title and text
}

// Articles are what the demo's desk has written down so far.
func Articles() []Article {
	return []Article{
		{
			Section: "Printing and scanning", Title: "The printer prints half pages",
			Body:   "## When you see this\n\nThe lower half of each page is pale or missing, on one printer only.\n\n## What to do\n\n1. Open the front cover and take the toner out.\n2. Turn it gently from side to side five or six times, and put it back.\n3. Print the page once more.\n\n> A toner that was shaken lasts for about fifty more pages. That is enough until a new one comes.\n\n## If it stays\n\n[Ask for help](/) and say which printer it is: its name stands on the label at the front, such as **P3-West**.\n",
			German: [2]string{"Der Drucker druckt halbe Seiten", "## Woran Sie es erkennen\n\nDie untere Hälfte jeder Seite ist blass oder fehlt, und nur bei einem Drucker.\n\n## Was zu tun ist\n\n1. Öffnen Sie die vordere Klappe und nehmen Sie den Toner heraus.\n2. Bewegen Sie ihn fünf- oder sechsmal sanft hin und her und setzen Sie ihn wieder ein.\n3. Drucken Sie die Seite noch einmal.\n\n## Wenn es so bleibt\n\n[Bitten Sie um Hilfe](/) und sagen Sie, welcher Drucker es ist: Der Name steht vorn auf dem Schild, etwa **P3-West**.\n"},
		},
		{
			Section: "Printing and scanning", Title: "Scan to your own mailbox",
			Body: "Every large printer can send what lies on its glass to your own address.\n\n1. Press **Scan**, then **Mail**.\n2. Hold your key card to the reader. Your name appears.\n3. Choose it, and press the green button.\n\n| Setting | Take |\n|---|---|\n| Kind of file | PDF |\n| Colour | only where it matters: it makes the file three times as large |\n| Sharpness | 200 is enough for text |\n\nMore than 20 pages? Send them in two parts, or the mail comes back.\n",
		},
		{
			Section: "Network and VPN", Title: "Set up the VPN for working from home",
			Body: "You need your laptop, your usual password, and the phone with the code app.\n\n1. Connect to the network at home first. A page in the browser should open.\n2. Click the lock in the tray beside the clock, and choose **Office**.\n3. Type your password, then the six digits from the app.\n\nThe lock turns green, and the drives are back.\n\n## When it says “connection refused”\n\nLook at [how things stand](/status) first. If nothing is known there, restart the laptop: after a change of password the old one is still remembered.\n\n## When the code is not taken\n\nThe clock of the phone is wrong. Set it to *automatic* and wait for the next code.\n\nSee also [signing in on a new phone](/help/move-the-code-app-to-a-new-phone).\n",
		},
		{
			Section: "Network and VPN", Title: "Wi-Fi for guests",
			Body: "Guests use the network **Moss-Guest**. The word for it changes every Monday and stands on the card at the reception.\n\n- It reaches the web, and nothing of ours.\n- It ends each evening at eight.\n- For an event with more than thirty guests, tell us three days ahead.\n",
		},
		{
			Section: "Accounts and passwords", Title: "Move the code app to a new phone",
			Body: "Do this while the **old phone still works**. It takes three minutes.\n\n1. On the old phone, open the code app, and choose *Move accounts*.\n2. On the new phone, install the same app and choose *Scan*.\n3. Hold the new phone over the square on the old one.\n4. Sign in once with a code from the new phone. Only then wipe the old one.\n\nIs the old phone gone already? Then [ask us](/): somebody checks that it is really you, and sets it up anew with you. Nobody of us ever asks for your password.\n",
		},
		{
			Section: "Accounts and passwords", Title: "Somebody rang and asked for my password", StaffOnly: true,
			Body: "What to do when a requester tells of such a call.\n\n1. Thank them. It was right to tell us.\n2. Did they say it? Then lock the account *now*, and ring them back on the number that we know.\n3. Ask when, from which number, and what the caller knew already.\n4. Tell the security team, with the ticket's number.\n\nNever write that they should have known better.\n",
		},
	}
}
