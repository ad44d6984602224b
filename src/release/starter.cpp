#include "release/starter.h"

#include "base/form.h"
#include "base/spelling.h"
#include "release/spec_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace release {

namespace {

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// `text` as YAML: bare where every reader takes it for a text, else in quotes.
std::string yaml(std::string_view text) {
    const bool bare = base::other_reading(text).empty() &&
                      (is_lower(text.front()) || is_digit(text.front()) || text.front() == '/' ||
                       text.front() == '.') &&
                      std::all_of(text.begin(), text.end(), [](char c) {
                          return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || c == '/' ||
                                 c == '.' || c == '-' || c == '_' || c == '+';
                      });
    return bare ? std::string(text) : base::json_text(text);
}

std::string list(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + base::json_text(word);
    return '[' + out + ']';
}

/// Writes fields with their meaning from the description, so that it is told in one place.
class Page {
public:
    /// Prose after `# `; fields in comments have no space there, as in many configuration files.
    void say(std::string_view indent, std::string_view prose) {
        std::size_t column = 0;
        for (std::string_view rest = prose; !rest.empty();) {
            const std::size_t space = std::min(rest.find(' '), rest.size());
            const std::string_view word = rest.substr(0, space);
            if (column + word.size() > 88 || column == 0) {
                if (column > 0) text_ += '\n';
                text_ += fmt::format("{}#", indent);
                column = indent.size() + 1;
            }
            text_ += fmt::format(" {}", word);
            column += word.size() + 1;
            rest.remove_prefix(std::min(space + 1, rest.size()));
        }
        text_ += '\n';
    }
    /// The field at `path` with its meaning above it.
    void field(std::string_view path, std::string_view value) {
        explain(path);
        add(path, "", value);
    }
    /// The same as a comment, ready to be used.
    void offer(std::string_view path, std::string_view value) {
        explain(path);
        add(path, "#", value);
    }
    void raw(std::string_view line) { text_ += fmt::format("{}\n", line); }

    std::string take() { return std::move(text_); }

private:
    static std::string indent_of(std::string_view path) {
        return std::string(static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) * 2,
                           ' ');
    }
    void explain(std::string_view path) {
        if (const base::Field* field = base::field_at(spec_form().shape, path))
            say(indent_of(path), field->doc);
    }
    void add(std::string_view path, std::string_view comment, std::string_view value) {
        text_ += fmt::format("{}{}{}: {}\n", indent_of(path), comment,
                             path.substr(path.rfind('.') + 1), value);
    }

    std::string text_;
};

void add_service(Page& page, const Starter& starter, const std::string& name) {
    page.raw("service:");
    page.field(
        "service.command",
        starter.command.empty()
            ? fmt::format(R"(["${{artifact}}/{}", "--listen", "${{address}}:${{port}}"])", name)
            : list(starter.command));
    page.field("service.health", yaml(starter.health));
    page.field("service.instances", "2");
    page.offer("service.environment", "{LOG_LEVEL: info, DATABASE_URL: {from_env: DATABASE_URL}}");
    page.raw("");
}

}  // namespace

std::string name_from(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (is_lower(lower) || (is_digit(lower) && !name.empty()))
            name += lower;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    name.resize(std::min<std::size_t>(name.size(), 32));
    while (name.ends_with('-')) name.pop_back();
    return name.empty() ? "app" : name;
}

std::string starter_spec(const Starter& starter) {
    const std::string name = name_from(starter.application);
    Page page;
    page.say("",
             "What is released, and how. `crossfade validate` checks this file, `crossfade "
             "explain FIELD` tells more of a field; what follows a # without a space is an offer.");
    page.raw("");
    page.field("application", yaml(name));
    page.field("version", yaml(starter.version));
    page.field("artifact", starter.artifact.empty() ? "build/" + name : yaml(starter.artifact));
    if (starter.assets.empty())
        page.offer("assets", "web/dist");
    else
        page.field("assets", yaml(starter.assets));
    page.field("listen", "127.0.0.1:8080");
    page.raw("");
    add_service(page, starter, name);
    page.offer("strategy", "{steps: [5%, 25%, 50%], bake: 10s, keep_warm: 1h}");
    page.offer("guard", "{harm: at most 100 requests, error_rate_max: 1%, p99_max: 500ms}");
    page.offer("compatibility", "{schema: none, fan_out: shared}");
    page.offer("hooks", "[{name: smoke-test, stage: TEST, command: [./smoke-test.sh]}]");
    page.offer("gates", "[{name: go-live, stage: SHIFT, owner: release team}]");
    return page.take();
}

}  // namespace release
