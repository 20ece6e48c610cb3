package bot

// words is everything the bot says by itself in one language. Every field is
// filled in every language; verbs like %d stand for what their comment names.
type words struct {
	// Names of the sections, on buttons and typed.
	Start, Summary, Text, Quotes, Source, Help, Privacy string

	PagePrevious string // button; %d: page
	PageNext     string // button; %d: page
	PageOf       string // %d: page, %d: pages

	Intro       string // above the title on the start screen
	Choose      string // below the title on the start screen
	Unknown     string // answer to a command that does not exist
	PlainWords  string // answer to a message that is no command
	Gone        string // answer to an address that does not exist any more
	Busy        string // answer to what is more than a chat can be sent; a toast under a button
	Correction  string // %s: date, %s: text
	From        string // %s: outlet
	Cites       string // after that; %s: the outlet that the article cites
	Open, Close string // quotation marks
	Reported    string // below a speaker whose words are retold
	SummaryNote string // above the summary: whose words it is not
	NoQuotes    string // on the quotes screen of an article without quotes
	QuoteAtSite string // button that opens the source at the only quote
	NthAtSite   string // the same at one of several; %d: number
	Citation    string // above the line that a tap copies
	CitationOf  string // that line; %s: title, %s: outlet, %s: URL

	HelpTitle   string
	HelpGroups  string            // how it is in groups
	CommandHelp map[string]string // a command's name: what it does
	Aliases     string            // %s: other names of a command

	PrivacyTitle string
	PrivacyText  []string // paragraphs

	Date string // of a correction, as a layout of package time
}

// languages is the words of the interface by language.
var languages = map[string]*words{"ru": &russian}
