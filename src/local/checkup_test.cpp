#include "local/checkup.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

namespace local {
namespace {

using base::Finding;
using base::Weight;

struct Place {
    release::Spec spec;
    MachineSight sight;

    Place() {
        sight.build = "b1";
        sight.now = base::instant_of_micros(1'700'000'000'000'000);
        sight.has_folder = true;
        sight.free = base::Bytes{std::uint64_t{50} << 30};
        sight.agent = ProgramSight{.pid = 10, .build = "b1"};
        sight.edge = ProgramSight{.pid = 11, .build = "b1"};
        sight.files_max = 524'288;
        sight.ports = {{.address = "127.0.0.1:8080", .owner = PortOwner{.pid = 11, .name = "c"}}};
        sight.strays = std::vector<StraySight>{
            {.pid = 20, .name = "server", .instance = "blue-1", .is_recorded = true}};
        sight.last_record = sight.now;
    }
    std::vector<std::string> heads() const {
        std::vector<std::string> out;
        for (const Finding& each : checkup(&spec, sight))
            if (each.weight != Weight::ok)
                out.push_back(
                    fmt::format("{} {} {}", name_of(each.weight), each.subject, each.said.code));
        return out;
    }
};

TEST(LocalCheckup, of_a_machine_that_is_as_it_should_be_tells_each_thing_once) {
    const Place place;
    EXPECT_EQ(place.heads(), std::vector<std::string>{});
    std::vector<std::string> subjects;
    for (const Finding& each : checkup(&place.spec, place.sight)) subjects.push_back(each.subject);
    EXPECT_EQ(subjects,
              (std::vector<std::string>{"state folder", "agent", "edge", "listener", "instances",
                                        "clock", "disk", "open files", "io_uring"}));
}

TEST(LocalCheckup, without_a_spec_speaks_of_the_machine_alone) {
    const Place place;
    std::vector<std::string> subjects;
    for (const Finding& each : checkup(nullptr, place.sight)) subjects.push_back(each.subject);
    EXPECT_EQ(subjects, (std::vector<std::string>{"disk", "open files", "io_uring"}));
}

struct Case {
    const char* name;
    std::function<void(Place&)> broken;
    std::vector<std::string> heads;
    const char* says;
};

class LocalCheckupOf : public testing::TestWithParam<Case> {};

TEST_P(LocalCheckupOf, finds_what_is_wrong_and_nothing_else) {
    Place place;
    GetParam().broken(place);
    EXPECT_EQ(place.heads(), GetParam().heads);
    std::string all;
    for (const Finding& each : checkup(&place.spec, place.sight))
        all += each.said.what + '\n' + each.said.why + '\n' + each.said.fix + '\n';
    EXPECT_NE(all.find(GetParam().says), std::string::npos) << GetParam().says << " in\n" << all;
}

const Case kCases[] = {
    {"nothing_is_up",
     [](Place& p) {
         p.sight.agent.reset();
         p.sight.edge.reset();
         p.sight.ports[0].owner.reset();
         p.sight.strays->clear();
     },
     {},
     "crossfade up"},
    {"the_agent_has_gone",
     [](Place& p) { p.sight.agent.reset(); },
     {"error agent CF0492", "error instances CF0495"},
     "its agent has ended"},
    {"the_edge_has_gone",
     [](Place& p) {
         p.sight.edge.reset();
         p.sight.edge_end = "signal 9 (Killed)";
         p.sight.ports[0].owner.reset();
     },
     {"error edge CF0492"},
     "signal 9"},
    {"the_agent_is_old",
     [](Place& p) { p.sight.agent->build = "b0"; },
     {"warning agent CF0493"},
     "another build"},
    {"another_program_has_the_port",
     [](Place& p) { p.sight.ports[0].owner = PortOwner{.pid = 99, .name = "nginx"}; },
     {"error listener CF0494"},
     "nginx (process 99)"},
    {"another_user_has_the_port",
     [](Place& p) { p.sight.ports[0].owner = PortOwner{}; },
     {"error listener CF0494"},
     "another user"},
    {"the_edge_has_another_spec",
     [](Place& p) { p.sight.ports[0].owner.reset(); },
     {"warning listener CF0494"},
     "nobody listens on 127.0.0.1:8080"},
    {"a_process_was_left",
     [](Place& p) {
         p.sight.strays->push_back(
             {.pid = 21, .name = "server", .instance = "green-7", .is_recorded = false});
     },
     {"warning instances CF0495"},
     "kill 21"},
    {"records_cannot_be_read",
     [](Place& p) {
         p.sight.strays =
             base::fail(base::Failure::rejected, {.code = "CF0402", .what = "it is damaged"});
     },
     {"warning instances CF0402"},
     "it is damaged"},
    {"others_may_enter",
     [](Place& p) { p.sight.mode = 0755; },
     {"warning state folder CF0490"},
     "mode is 755"},
    {"it_is_another_user_s",
     [](Place& p) { p.sight.is_owned = false; },
     {"error state folder CF0490"},
     "another user"},
    {"the_disk_is_nearly_full",
     [](Place& p) { p.sight.free = base::Bytes{std::uint64_t{500} << 20}; },
     {"warning disk CF0491"},
     "500 MiB free"},
    {"the_disk_is_full",
     [](Place& p) { p.sight.free = base::Bytes{1 << 20}; },
     {"error disk CF0491"},
     "1 MiB free"},
    {"the_clock_was_set_back",
     [](Place& p) { p.sight.last_record = p.sight.now + std::chrono::seconds{90}; },
     {"error clock CF0496"},
     "90 s ahead"},
    {"few_files",
     [](Place& p) { p.sight.files_max = 1024; },
     {"warning open files CF0497"},
     "some 412 clients"},
    {"hardly_any_file",
     [](Place& p) { p.sight.files_max = 100; },
     {"warning open files CF0497"},
     "some 0 clients"},
    {"no_ring",
     [](Place& p) { p.sight.ring_refused = "Operation not permitted"; },
     {},
     "not needed: Operation not permitted"},
};

INSTANTIATE_TEST_SUITE_P(local, LocalCheckupOf, testing::ValuesIn(kCases),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace local
