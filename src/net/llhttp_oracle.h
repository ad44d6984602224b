#pragma once
// For tests: the first message of some bytes as llhttp understands it, and as we do, in the same
// words, so that the two can be compared.

#include "net/http1.h"

#include <llhttp.h>

#include <string>
#include <string_view>

namespace net {

/// What a parser made of the first message.
struct Verdict {
    enum class Ending { whole, incomplete, refused };

    Ending ending = Ending::incomplete;
    std::string refusal;  ///< The parser's own name for it.
    std::string message;  ///< Start line, fields, body and trailers.
};

class Oracle {
public:
    static Verdict request(std::string_view bytes) { return Oracle().judge(bytes, HTTP_REQUEST); }
    static Verdict response(std::string_view bytes) { return Oracle().judge(bytes, HTTP_RESPONSE); }

private:
    static Oracle& of(llhttp_t* parser) { return *static_cast<Oracle*>(parser->data); }

    Verdict judge(std::string_view bytes, llhttp_type_t type) {
        llhttp_settings_t settings;
        llhttp_settings_init(&settings);
        settings.on_url = [](llhttp_t* parser, const char* at, std::size_t size) {
            of(parser).start_.append(at, size);
            return 0;
        };
        settings.on_status = settings.on_url;
        settings.on_header_field = [](llhttp_t* parser, const char* at, std::size_t size) {
            of(parser).name_.append(at, size);
            return 0;
        };
        settings.on_header_value = [](llhttp_t* parser, const char* at, std::size_t size) {
            of(parser).value_.append(at, size);
            return 0;
        };
        settings.on_header_value_complete = [](llhttp_t* parser) {
            of(parser).field();
            return 0;
        };
        settings.on_headers_complete = [](llhttp_t* parser) {
            Oracle& oracle = of(parser);
            oracle.fields_ += "body ";
            // Never a body, whatever the fields say (RFC 9112 §6.3): llhttp leaves that to us.
            const int status = llhttp_get_status_code(parser);
            return status == 204 || status == 304 ? 1 : 0;
        };
        settings.on_body = [](llhttp_t* parser, const char* at, std::size_t size) {
            of(parser).fields_.append(at, size);
            return 0;
        };
        settings.on_message_complete = [](llhttp_t*) { return static_cast<int>(HPE_PAUSED); };
        llhttp_t parser;
        llhttp_init(&parser, type, &settings);
        parser.data = this;
        llhttp_errno_t error = llhttp_execute(&parser, bytes.data(), bytes.size());
        if (error == HPE_OK) error = llhttp_finish(&parser);
        Verdict verdict;
        if (error == HPE_PAUSED || error == HPE_PAUSED_UPGRADE)
            verdict.ending = Verdict::Ending::whole;
        else if (error != HPE_OK && error != HPE_INVALID_EOF_STATE)
            verdict.ending = Verdict::Ending::refused;
        verdict.refusal = llhttp_errno_name(error);
        const auto* const method =
            llhttp_method_name(static_cast<llhttp_method_t>(llhttp_get_method(&parser)));
        verdict.message = type == HTTP_REQUEST
                              ? std::string(method) + " "
                              : std::to_string(llhttp_get_status_code(&parser)) + " ";
        verdict.message += start_ + " 1." + std::to_string(llhttp_get_http_minor(&parser)) + "\n";
        verdict.message += fields_;
        return verdict;
    }

    void field() {
        // llhttp hands on white space behind a value, and in front of a response's colon.
        for (std::string* text : {&name_, &value_})
            while (text->ends_with(' ') || text->ends_with('\t')) text->pop_back();
        fields_ += "\n" + name_ + ":" + value_;
        name_.clear();
        value_.clear();
    }

    std::string start_;
    std::string fields_;
    std::string name_;
    std::string value_;
};

/// Ours, in the oracle's words.
template <typename Handler, typename Head>
class Witness final : public Handler {
public:
    void on_head(const Head& head) override {
        if constexpr (std::is_same_v<Head, RequestHead>) {
            verdict.message = std::string(head.method_text) + " " + std::string(head.target);
        } else {
            if (head.interim) interim = true;
            verdict.message = std::to_string(head.status) + " " + std::string(head.reason);
        }
        verdict.message += " 1." + std::to_string(head.minor_version) + "\n";
        add(head.fields);
        verdict.message += "body ";
    }
    void on_body(std::string_view bytes) override { verdict.message += bytes; }
    void on_trailers(const Fields& fields) override { add(fields); }
    void on_end() override { verdict.ending = Verdict::Ending::whole; }

    Verdict verdict;
    bool interim = false;  ///< llhttp takes an interim answer for a message of its own.

private:
    void add(const Fields& fields) {
        for (const Field field : fields)
            verdict.message += "\n" + std::string(field.name) + ":" + std::string(field.value);
    }
};
using RequestWitness = Witness<RequestHandler, RequestHead>;
using ResponseWitness = Witness<ResponseHandler, ResponseHead>;

inline Verdict our_request(std::string_view bytes) {
    RequestParser parser;
    RequestWitness witness;
    if (parser.feed(bytes, witness).progress == Progress::failed) {
        witness.verdict.ending = Verdict::Ending::refused;
        witness.verdict.refusal = name_of(parser.fault());
    }
    return witness.verdict;
}

inline Verdict our_response(std::string_view bytes, bool* interim = nullptr) {
    ResponseParser parser;
    ResponseWitness witness;
    Progress progress = parser.feed(bytes, witness).progress;
    if (progress == Progress::more && parser.in_body()) progress = parser.finish(witness);
    if (progress == Progress::failed && parser.fault() != Fault::incomplete) {
        witness.verdict.ending = Verdict::Ending::refused;
        witness.verdict.refusal = name_of(parser.fault());
    }
    if (interim != nullptr) *interim = witness.interim;
    return witness.verdict;
}

}  // namespace net
