#pragma once
// A first crossfade.yaml for `crossfade init`: short, commented, valid as it stands.

#include <string>
#include <string_view>
#include <vector>

namespace release {

/// What is known of the application; what is left empty is filled with an example to be changed.
struct Starter {
    std::string application;  ///< Any text; it is made a name.
    std::string version = "1.0.0";
    std::string artifact;
    std::vector<std::string> command;  ///< Uses `${port}`, or the spec would not be valid.
    std::string assets;
    std::string health = "/healthz";
};

/// A name that a spec takes: lower-case letters, digits and hyphens, made of any text; `app` where
/// nothing of it is left.
std::string name_from(std::string_view text);

/// YAML that `spec_from` takes. Fields that most applications will want stand there as comments;
/// without their `#` they are valid too.
std::string starter_spec(const Starter& starter);

}  // namespace release
