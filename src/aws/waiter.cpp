#include "aws/waiter.h"

#include "aws/client.h"
#include "aws/shape.h"
#include "aws/value.h"
#include "base/result.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace aws {
namespace {

// All texts at a path; a list on the way stands for each of its items.
void gather(const Value& in, std::string_view path, std::vector<std::string>& into) {
    if (const auto* const list = in.as<List>()) {
        for (const Value& each : *list) gather(each, path, into);
        return;
    }
    if (path.empty()) {
        const auto* const text = in.as<std::string>();
        into.push_back(text != nullptr ? *text : std::string{});
        return;
    }
    const auto dot = path.find('.');
    const Value* const found = in.member(path.substr(0, dot));
    if (found != nullptr)
        gather(*found, dot == std::string_view::npos ? "" : path.substr(dot + 1), into);
}

bool matches(const Acceptor& acceptor, const base::Result<Value>& answer) {
    if (acceptor.match == Match::code)
        return !answer && code_of_service(answer.error()) == acceptor.expected;
    if (!answer) return false;
    std::vector<std::string> texts;
    gather(*answer, acceptor.path, texts);
    const auto fits = [&](const std::string& text) { return text == acceptor.expected; };
    if (acceptor.match == Match::any) return std::any_of(texts.begin(), texts.end(), fits);
    return !texts.empty() && std::all_of(texts.begin(), texts.end(), fits);
}

}  // namespace

base::Result<Waited> look(const Waiter& waiter, const base::Result<Value>& answer) {
    for (const Acceptor& acceptor : waiter.acceptors)
        if (matches(acceptor, answer)) return acceptor.state;
    if (!answer) return base::fail(answer);
    return Waited::not_yet;
}

}  // namespace aws
