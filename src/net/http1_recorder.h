#pragma once
// For tests: what a parser said, as text, with adjacent body pieces joined.

#include "net/http1.h"

#include <string>
#include <string_view>

namespace net {

/// Feeds bytes in pieces and writes down the events. Stops at the first fault.
class RequestRecorder final : public RequestHandler {
public:
    explicit RequestRecorder(const HeadLimits& limits = kRequestLimits) : parser_(limits) {}

    void feed(std::string_view bytes) {
        while (!over_) {
            const Fed fed = parser_.feed(bytes, *this);
            bytes.remove_prefix(fed.consumed);
            if (fed.progress == Progress::failed) fault(parser_.fault());
            if (fed.progress != Progress::ended || bytes.empty()) return;
        }
    }
    void finish() {
        if (!over_ && parser_.finish() == Progress::failed) fault(parser_.fault());
    }

    void on_head(const RequestHead& head) override {
        in_body_ = false;
        text += std::string(head.method_text) + " " + std::string(head.target) + " 1." +
                std::to_string(head.minor_version) + "\n";
        for (const Field field : head.fields)
            text += " " + std::string(field.name) + ":" + std::string(field.value) + "\n";
    }
    void on_body(std::string_view bytes) override {
        if (!in_body_) text += "body ";
        in_body_ = true;
        text += bytes;
    }
    void on_trailers(const Fields& fields) override {
        for (const Field field : fields)
            text += "\ntrailer " + std::string(field.name) + ":" + std::string(field.value);
    }
    void on_end() override {
        in_body_ = false;
        text += "\nend\n";
        ++messages;
    }

    const RequestParser& parser() const { return parser_; }
    std::string text;
    int messages = 0;

private:
    void fault(Fault fault) {
        over_ = true;
        text += "\nfault " + std::string(name_of(fault)) + "\n";
    }

    RequestParser parser_;
    bool in_body_ = false;
    bool over_ = false;
};

class ResponseRecorder final : public ResponseHandler {
public:
    explicit ResponseRecorder(Method request = Method::get) : request_(request) {
        parser_.expect(request_);
    }

    void feed(std::string_view bytes) {
        while (!over_) {
            const Fed fed = parser_.feed(bytes, *this);
            bytes.remove_prefix(fed.consumed);
            if (fed.progress == Progress::failed) fault(parser_.fault());
            if (fed.progress == Progress::tunnel) {
                over_ = true;
                text += "tunnel\n";
            }
            if (fed.progress != Progress::ended || bytes.empty()) return;
        }
    }
    void finish() {
        if (!over_ && parser_.finish(*this) == Progress::failed) fault(parser_.fault());
    }

    void on_head(const ResponseHead& head) override {
        in_body_ = false;
        text += std::to_string(head.status) + " " + std::string(head.reason) + "\n";
        for (const Field field : head.fields)
            text += " " + std::string(field.name) + ":" + std::string(field.value) + "\n";
    }
    void on_body(std::string_view bytes) override {
        if (!in_body_) text += "body ";
        in_body_ = true;
        text += bytes;
    }
    void on_trailers(const Fields& fields) override {
        for (const Field field : fields)
            text += "\ntrailer " + std::string(field.name) + ":" + std::string(field.value);
    }
    void on_end() override {
        in_body_ = false;
        text += "\nend\n";
        ++messages;
    }

    const ResponseParser& parser() const { return parser_; }
    std::string text;
    int messages = 0;

private:
    void fault(Fault fault) {
        over_ = true;
        text += "\nfault " + std::string(name_of(fault)) + "\n";
    }

    Method request_;
    ResponseParser parser_{};
    bool in_body_ = false;
    bool over_ = false;
};

/// The events of `bytes` in one piece, then with the end of the connection.
template <typename Recorder>
std::string whole(std::string_view bytes, Recorder recorder = Recorder{}) {
    recorder.feed(bytes);
    recorder.finish();
    return recorder.text;
}

}  // namespace net
