package emulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"articlebot/bot/emulator"
)

func TestRequestsOverHTTP(t *testing.T) {
	const form, asJSON = "application/x-www-form-urlencoded", "application/json"
	for _, c := range []struct {
		name, method, path, kind, body, want string
	}{
		{"getMe", "GET", "/bot1:test/getMe", "", "",
			`200 {"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Bot","username":"article_bot"}}`},
		{"a wrong token", "GET", "/bot2:test/getMe", "", "",
			`401 {"ok":false,"error_code":401,"description":"Unauthorized"}`},
		{"no token", "GET", "/getMe", "", "", `404 {"ok":false,"error_code":404,"description":"Not Found"}`},
		{"no method", "GET", "/bot1:test", "", "", `404 {"ok":false,"error_code":404,"description":"Not Found"}`},
		{"an unknown method", "POST", "/bot1:test/sendPigeon", form, "",
			`404 {"ok":false,"error_code":404,"description":"Not Found"}`},
		{"a wrong verb", "PUT", "/bot1:test/getMe", "", "",
			`405 {"ok":false,"error_code":405,"description":"Method Not Allowed"}`},
		{"parameters in the URL", "GET", "/bot1:test/sendMessage?chat_id=8&text=x", "", "",
			`400 {"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`},
		{"a form", "POST", "/bot1:test/sendMessage", form, "chat_id=8&text=x",
			`400 {"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`},
		{"a broken form", "POST", "/bot1:test/sendMessage", form, "chat_id=%",
			`400 {"ok":false,"error_code":400,"description":"Bad Request: can't parse the form: invalid URL escape \"%\""}`},
		{"JSON", "POST", "/bot1:test/sendMessage", asJSON + "; charset=utf-8",
			`{"chat_id":8,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"x","callback_data":"x"}]]},"parse_mode":null}`,
			`400 {"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`},
		{"broken JSON", "POST", "/bot1:test/sendMessage", asJSON, `{"chat_id":`,
			`400 {"ok":false,"error_code":400,"description":"Bad Request: can't parse JSON object"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(emulator.New(token, bot))
			defer server.Close()
			r, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", c.kind)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if got := response.Status[:4] + string(body); err != nil || got != c.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, c.want)
			}
		})
	}
}
