// botocore's protocol tests of query, ec2, rest-xml and json-1.1: every case is run, and those
// that do not hold are named with the reason.
#include "aws/codec.h"
#include "base/collected_test.h"

#include "aws/model_test.h"
#include "aws/wire.h"
#include "base/percent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace aws {
namespace {

struct Dialect {
    const char* file;
    Protocol protocol;
    int inputs;
    int outputs;
};

constexpr Dialect kDialects[] = {{"query", Protocol::query, 38, 38},
                                 {"ec2", Protocol::ec2, 29, 29},
                                 {"rest-xml", Protocol::rest_xml, 94, 78},
                                 {"json", Protocol::json, 54, 58}};

const char* const kGzip = "no operation that Crossfade calls asks for a compressed body";
const char* const kToken =
    "whoever calls gives the token, the same for each attempt at a step; the codec invents none";
const char* const kRoot =
    "the models of S3 and CloudFront name a payload's root where it is used; botocore leaves the "
    "case out too";

const std::map<std::string, std::string> kRequestExceptions = {
    {"SDKAppliedContentEncoding_awsQuery", kGzip},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsQuery", kGzip},
    {"SDKAppliedContentEncoding_ec2Query", kGzip},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_ec2Query", kGzip},
    {"SDKAppliedContentEncoding_restXml", kGzip},
    {"SDKAppendedGzipAfterProvidedEncoding_restXml", kGzip},
    {"SDKAppliedContentEncoding_awsJson1_1", kGzip},
    {"SDKAppendsGzipAndIgnoresHttpProvidedEncoding_awsJson1_1", kGzip},
    {"QueryProtocolIdempotencyTokenAutoFill", kToken},
    {"Ec2ProtocolIdempotencyTokenAutoFill", kToken},
    {"QueryIdempotencyTokenAutoFill", kToken},
    {"RestXmlHttpPayloadWithUnion", kRoot},
    {"HttpPayloadWithXmlName", kRoot},
    {"HttpPayloadWithXmlNamespace", kRoot},
    {"HttpPayloadWithXmlNamespaceAndPrefix", kRoot},
    {"XmlAttributesOnPayload", kRoot},
    {"BodyWithXmlName", "the model names the root twice; the use is taken, as in S3's"},
    {"NullAndEmptyHeaders", "an empty list is no header; botocore leaves the case out too"},
};

std::vector<std::string> sorted_parameters(const std::string& query) {
    std::vector<std::string> out;
    std::istringstream in(query);
    for (std::string each; std::getline(in, each, '&');) {
        // Whether a parameter without a value has its `=` makes no difference to AWS.
        if (each.find('=') == std::string::npos) each += '=';
        out.push_back(base::percent_decoded(each).value());
    }
    std::sort(out.begin(), out.end());
    return out;
}

void sort_attributes(Element& element) {
    std::sort(element.attributes.begin(), element.attributes.end());
    for (Element& child : element.children) sort_attributes(child);
}

bool same_body(Protocol protocol, const std::string& ours, const std::string& wanted) {
    if (ours == wanted) return true;
    if (protocol == Protocol::json) return base::json_from(ours) == base::json_from(wanted);
    if (protocol != Protocol::rest_xml) return sorted_parameters(ours) == sorted_parameters(wanted);
    auto a = wire::element_from(ours);
    auto b = wire::element_from(wanted);
    if (!a || !b) return false;
    sort_attributes(*a);
    sort_attributes(*b);
    return *a == *b;
}

Endpoint endpoint_of(const OrderedJson& suite) {
    std::string url = suite.value("clientEndpoint", "https://example.com");
    url.erase(0, url.find("//") + 2);
    const std::size_t slash = std::min(url.find('/'), url.size());
    return {.host = url.substr(0, slash), .path = url.substr(slash)};
}

// What differs, or nothing.
std::string difference(const OrderedJson& wanted, Protocol protocol, const Request& request) {
    const std::string uri = wanted.at("uri");
    const std::size_t mark = std::min(uri.find('?'), uri.size());
    if (request.method != wanted.at("method")) return "method " + request.method;
    if (request.path != uri.substr(0, mark)) return "path " + request.path + " not " + uri;
    if (sorted_parameters(request.query) !=
        sorted_parameters(uri.substr(std::min(mark + 1, uri.size()))))
        return "query " + request.query + " not " + uri;
    if (wanted.contains("host")) {
        const std::string host = wanted.at("host");
        if (request.host != host.substr(0, host.find('/'))) return "host " + request.host;
    }
    if (wanted.contains("headers"))
        for (const auto& [name, value] : wanted.at("headers").items()) {
            const std::string* const ours = find_header(request.headers, name);
            if (ours == nullptr || *ours != value)
                return name + " is " + (ours != nullptr ? *ours : "missing") + " not " +
                       value.dump();
        }
    for (const auto& name : wanted.value("requireHeaders", OrderedJson::array()))
        // The transport counts what it sends.
        if (name != "Content-Length" &&
            find_header(request.headers, name.get<std::string>()) == nullptr)
            return name.dump() + " is missing";
    for (const auto& name : wanted.value("forbidHeaders", OrderedJson::array()))
        if (find_header(request.headers, name.get<std::string>()) != nullptr)
            return name.dump() + " is there";
    if (wanted.contains("body") && !same_body(protocol, request.body, wanted.at("body")))
        return "body " + request.body + " not " + wanted.at("body").get<std::string>();
    return {};
}

std::string run_input(Model& model, const Dialect& dialect, const OrderedJson& suite,
                      const OrderedJson& each) {
    const Operation operation = model.operation(each.at("given"));
    const Shape nothing;
    const Shape& shape = operation.input.shape != nullptr ? *operation.input.shape : nothing;
    const auto request = encode(operation, value_of(shape, each.at("params")), endpoint_of(suite));
    if (!request) return request.error().line();
    return difference(each.at("serialized"), dialect.protocol, *request);
}

Answer answer_of(const OrderedJson& response) {
    Answer answer{
        .status = response.at("status_code"), .headers = {}, .body = response.value("body", "")};
    const OrderedJson headers = response.value("headers", OrderedJson::object());
    for (const auto& [name, value] : headers.items()) answer.headers.push_back({name, value});
    return answer;
}

std::string run_output(Model& model, const OrderedJson& each) {
    const Operation operation = model.operation(each.at("given"));
    const Answer answer = answer_of(each.at("response"));
    const auto fault = fault_in(operation, answer);
    if (!each.contains("errorCode")) {
        if (fault) return "taken for the error " + fault->code;
        const auto value = decode(operation, answer);
        if (!value) return value.error().line();
        const base::Json wanted = base::Json::parse(each.at("result").dump());
        return json_of(*value) == wanted ? "" : json_of(*value).dump() + " not " + wanted.dump();
    }
    if (!fault) return "not taken for an error";
    if (fault->code != each.at("errorCode")) return "code " + fault->code;
    if (fault->message != each.value("errorMessage", fault->message)) return fault->message;
    const std::string shape = each.at("given").at("errors").at(0).at("shape");
    const auto value = decode_fault(operation, model.shape(shape), answer);
    if (!value) return value.error().line();
    const base::Json wanted = base::Json::parse(each.at("error").dump());
    return json_of(*value) == wanted ? "" : json_of(*value).dump() + " not " + wanted.dump();
}

// An exception that holds after all is struck from the list.
void judge(bool is_exception, const std::string& id, const std::string& said) {
    if (is_exception) {
        EXPECT_NE(said, "") << id << " is no exception any more";
    } else {
        EXPECT_EQ(said, "") << id;
    }
}

OrderedJson suites_of(const std::filesystem::path& folder, const char* direction,
                      const Dialect& dialect) {
    const std::string name = std::string(dialect.file) + ".json";
    return OrderedJson::parse(
        base::collected_text(folder / "tests/unit/protocols" / direction / name));
}

TEST(Codecs, requests_are_what_the_protocol_tests_of_botocore_want) {
    const auto folder = base::collected("botocore");
    if (!folder) GTEST_SKIP() << "botocore's protocol tests are not there: set CROSSFADE_TEST_DATA";
    for (const Dialect& dialect : kDialects) {
        int cases = 0;
        for (const OrderedJson& suite : suites_of(*folder, "input", dialect)) {
            Model model(dialect.protocol, suite);
            for (const OrderedJson& each : suite.at("cases")) {
                judge(kRequestExceptions.contains(each.at("id")), each.at("id"),
                      run_input(model, dialect, suite, each));
                ++cases;
            }
        }
        EXPECT_EQ(cases, dialect.inputs) << dialect.file;
    }
}

TEST(Codecs, answers_mean_what_the_protocol_tests_of_botocore_say) {
    const auto folder = base::collected("botocore");
    if (!folder) GTEST_SKIP() << "botocore's protocol tests are not there: set CROSSFADE_TEST_DATA";
    for (const Dialect& dialect : kDialects) {
        int cases = 0;
        for (const OrderedJson& suite : suites_of(*folder, "output", dialect)) {
            Model model(dialect.protocol, suite);
            for (const OrderedJson& each : suite.at("cases")) {
                judge(false, each.at("id"), run_output(model, each));
                ++cases;
            }
        }
        EXPECT_EQ(cases, dialect.outputs) << dialect.file;
    }
}

TEST(Codecs, an_answer_that_is_cut_anywhere_is_refused_or_read) {
    const auto folder = base::collected("botocore");
    if (!folder) GTEST_SKIP() << "botocore's protocol tests are not there: set CROSSFADE_TEST_DATA";
    int refused = 0;
    for (const Dialect& dialect : kDialects)
        for (const OrderedJson& suite : suites_of(*folder, "output", dialect)) {
            Model model(dialect.protocol, suite);
            for (const OrderedJson& each : suite.at("cases")) {
                const Operation operation = model.operation(each.at("given"));
                Answer answer = answer_of(each.at("response"));
                while (!answer.body.empty()) {
                    answer.body.resize(answer.body.size() -
                                       std::min<std::size_t>(11, answer.body.size()));
                    refused += decode(operation, answer) ? 0 : 1;
                    (void)fault_in(operation, answer);
                }
            }
        }
    EXPECT_GT(refused, 100);
}

// --- what is read, changed and written back -----------------------------------------------------

constexpr Shape kText{.type = Type::string};
constexpr Shape kNumber{.type = Type::integer};
constexpr Member kGroupMembers[] = {{.name = "TargetGroupArn", .shape = &kText},
                                    {.name = "Weight", .shape = &kNumber}};
constexpr Shape kGroup{.members = kGroupMembers};
constexpr Member kGroupItem[] = {{.name = "member", .shape = &kGroup}};
constexpr Shape kGroups{.type = Type::list, .members = kGroupItem};
constexpr Member kRuleMembers[] = {{.name = "RuleArn", .shape = &kText},
                                   {.name = "TargetGroups", .shape = &kGroups}};
constexpr Shape kRule{.members = kRuleMembers};
constexpr Operation kReadRule{.name = "ReadRule", .output = {.name = "Rule", .shape = &kRule}};
constexpr Operation kWriteRule{
    .name = "WriteRule", .version = "2015-12-01", .input = {.name = "Rule", .shape = &kRule}};

constexpr const char* kRuleRead =
    "<ReadRuleResponse><ReadRuleResult><RuleArn>arn:r</RuleArn><TargetGroups><member>"
    "<TargetGroupArn>arn:blue</TargetGroupArn><Weight>100</Weight>"
    "<SlowStart><Seconds>30</Seconds><Curve/></SlowStart></member></TargetGroups>"
    "<Transforms><member><Type>url-rewrite</Type></member><member><Type>host &amp; path</Type>"
    "</member></Transforms></ReadRuleResult></ReadRuleResponse>";

TEST(Codecs, what_no_shape_knows_is_written_back_to_query_beside_the_change) {
    auto rule = decode(kReadRule, {.status = 200, .headers = {}, .body = kRuleRead});
    ASSERT_TRUE(rule) << rule.error().line();
    Value& group = rule->member("TargetGroups")->as<List>()->front();
    *group.member("Weight") = 0;
    const auto request = encode(kWriteRule, *rule, {.host = "a.example"});
    ASSERT_TRUE(request) << request.error().line();
    EXPECT_EQ(base::percent_decoded(request->body).value(),
              "Action=WriteRule&Version=2015-12-01&RuleArn=arn:r"
              "&TargetGroups.member.1.TargetGroupArn=arn:blue&TargetGroups.member.1.Weight=0"
              "&TargetGroups.member.1.SlowStart.Seconds=30&TargetGroups.member.1.SlowStart.Curve="
              "&Transforms.member.1.Type=url-rewrite&Transforms.member.2.Type=host & path");
}

TEST(Codecs, what_no_shape_knows_is_written_back_to_xml_beside_the_change) {
    constexpr Operation kRead{.name = "Read",
                              .protocol = Protocol::rest_xml,
                              .output = {.name = "Rule", .shape = &kRule}};
    constexpr Operation kWrite{
        .name = "Write",
        .protocol = Protocol::rest_xml,
        .input = {.name = "Rule", .shape = &kRule, .xml_namespace = "http://a/"}};
    const std::string before =
        "<Rule xmlns=\"http://a/\" age=\"7\"><RuleArn>arn:r</RuleArn><New kind=\"x\"><Deep>&lt;1"
        "</Deep><Deep/></New><TargetGroups/></Rule>";
    auto rule = decode(kRead, {.status = 200, .headers = {}, .body = before});
    ASSERT_TRUE(rule) << rule.error().line();
    *rule->member("RuleArn") = "arn:s";
    const auto request = encode(kWrite, *rule, {.host = "a.example"});
    ASSERT_TRUE(request) << request.error().line();
    std::string after = before;
    after.replace(after.find("arn:r"), 5, "arn:s");
    EXPECT_EQ(wire::element_from(request->body), wire::element_from(after));
}

TEST(Codecs, an_input_that_does_not_fit_is_refused_before_it_is_sent) {
    const auto code = [](const Value& input) {
        const auto request = encode(kWriteRule, input, {.host = "a.example"});
        return request ? "" : request.error().diagnostic.code;
    };
    EXPECT_EQ(code(Entries{{"RuleArn", "arn:r"}}), "");
    EXPECT_EQ(code(Entries{{"RuleArm", "arn:r"}}), "CF0801");
    EXPECT_EQ(code(Entries{{"RuleArn", 7}}), "CF0801");
    EXPECT_EQ(code(Entries{{"TargetGroups", Entries{}}}), "CF0801");
}

TEST(Codecs, an_object_without_a_key_is_never_its_bucket) {
    static constexpr Member kMembers[] = {
        {.name = "Bucket", .shape = &kText, .location = Location::uri},
        {.name = "Key", .shape = &kText, .location = Location::uri}};
    static constexpr Shape kInput{.members = kMembers};
    constexpr Operation kDelete{.name = "DeleteObject",
                                .protocol = Protocol::rest_xml,
                                .method = "DELETE",
                                .uri = "/{Bucket}/{Key+}",
                                .input = {.name = "Input", .shape = &kInput}};
    const auto whole = encode(kDelete, Entries{{"Bucket", "b"}, {"Key", "a/b c"}}, {.host = "h"});
    ASSERT_TRUE(whole) << whole.error().line();
    EXPECT_EQ(whole->path, "/b/a/b%20c");
    EXPECT_FALSE(encode(kDelete, Entries{{"Bucket", "b"}, {"Key", ""}}, {.host = "h"}));
    EXPECT_FALSE(encode(kDelete, Entries{{"Bucket", "b"}}, {.host = "h"}));
}

TEST(Codecs, an_error_that_s3_sends_with_200_is_one) {
    constexpr Operation kComplete{.name = "CompleteMultipartUpload",
                                  .protocol = Protocol::rest_xml,
                                  .output = {.name = "Output", .shape = &kRule}};
    const auto fault =
        fault_in(kComplete,
                 {.status = 200,
                  .headers = {},
                  .body = "<?xml version=\"1.0\"?>\n\n<Error><Code>InternalError</Code><Message>We"
                          "</Message><RequestId>656c76</RequestId></Error>"});
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->code, "InternalError");
    EXPECT_EQ(fault->request_id, "656c76");
}

TEST(Codecs, an_answer_without_a_body_is_no_empty_list) {
    EXPECT_FALSE(decode(kReadRule, {.status = 200, .headers = {}, .body = ""}));
}

}  // namespace
}  // namespace aws
