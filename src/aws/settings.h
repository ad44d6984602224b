#pragma once
// What a person has said to every tool of AWS on this machine: environment variables, and the files
// ~/.aws/config and ~/.aws/credentials ("Shared config and credentials files", SDK reference
// guide).

#include "base/result.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace aws {

/// The environment, handed in; nothing where a variable is not set or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Settings by name, in lower case.
using Settings = std::map<std::string, std::string>;

struct Section {
    Settings settings;
    std::map<std::string, Settings> nested;  ///< `s3 =` and the indented lines after it.
};

/// Sections of one file by their head, as `profile production` or `services local`. Fails (CF0812)
/// naming the line; values are never quoted (P11).
base::Result<std::map<std::string, Section>> sections_from(std::string_view text,
                                                           const std::string& file);

/// One profile of both files, and what it refers to.
class Shared {
public:
    /// `profile`: as a person named it, or empty: AWS_PROFILE, then AWS_DEFAULT_PROFILE, then
    /// `default`. Files that are not there are empty; `rejected` (CF0812) where a profile was named
    /// that neither file has, or a file cannot be read.
    static base::Result<Shared> read(const Environment& environment, const std::string& profile);

    const std::string& name() const { return name_; }
    /// Whether the caller named a profile: keys of the environment do not count then.
    bool is_chosen() const { return is_chosen_; }
    /// Empty where it is not set. Credentials of the credentials file come before the config's.
    std::string setting(const std::string& key) const { return setting(name_, key); }
    std::string setting(const std::string& profile, const std::string& key) const;
    bool has_profile(const std::string& profile) const { return profiles_.contains(profile); }
    /// Of the section that this profile's `services` names.
    std::string service_setting(const std::string& service, const std::string& key) const;

private:
    std::string name_;
    bool is_chosen_ = false;
    std::map<std::string, Section> profiles_;
    std::map<std::string, Section> services_;
};

/// A region: as a person named it, AWS_REGION, AWS_DEFAULT_REGION, or the profile's.
/// `rejected` (CF0810) where there is none, or it cannot be part of a host's name.
base::Result<std::string> region_of(const Environment& environment, const Shared& shared,
                                    const std::string& chosen);

}  // namespace aws
