#pragma once
// How findings of one thing are put, and which things there are: for checkup.cpp and its kin.

#include "aws/checkup.h"
#include "base/finding.h"
#include "base/result.h"
#include "release/spec.h"

#include <cstddef>
#include <string>
#include <vector>

namespace aws {

inline constexpr std::array<const char*, 2> kPoolNames{"blue", "green"};

/// One thing that is looked at: what is wrong with it or, at its end, that it is well.
class Part {
public:
    Part(std::vector<base::Finding>& into, std::string subject, std::string code);

    void warning(std::string what, std::string why = {}, std::string fix = {});
    void error(std::string what, std::string why = {}, std::string fix = {});
    void error(const base::Diagnostic& said);
    /// It could not be looked at. An error where no release can do without the same call.
    void unseen(const base::Error& error, base::Weight weight);
    /// Said where nothing else was.
    void well(std::string what);

private:
    void add(base::Weight weight, base::Diagnostic said);

    std::vector<base::Finding>* into_;
    std::string subject_;
    std::string code_;
    bool is_well_ = true;
};

/// What one look is about.
struct Looked {
    const release::Spec& spec;
    const release::AwsPlace& place;
    const Sight& sight;
    const Standing& standing;
    std::vector<base::Finding>& into;

    const std::string& target_group(std::size_t pool) const {
        return pool == 0 ? place.target_groups.blue : place.target_groups.green;
    }
    const std::string& scaling_group(std::size_t pool) const {
        return pool == 0 ? place.scaling_groups.blue : place.scaling_groups.green;
    }
};

// What divides requests: checkup_traffic.cpp
void check_rule(const Looked& looked);
void check_stickiness(const Looked& looked);
void check_balancer(const Looked& looked);
void check_target_groups(const Looked& looked);
void check_health(const Looked& looked);
void check_draining(const Looked& looked);
void check_serving(const Looked& looked);
void check_limits(const Looked& looked);

// What runs instances: checkup_fleet.cpp
void check_scaling_groups(const Looked& looked);
void check_launch(const Looked& looked);
void check_held(const Looked& looked);

}  // namespace aws
