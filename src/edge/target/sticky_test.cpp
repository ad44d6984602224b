#include "edge/target/sticky.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "edge/testing.h"

namespace edge {
namespace {

constexpr Bond kBond{
    .kind = Bond::Kind::target, .whom = 0x0123456789abcdef, .until = 1'795'392'000};

std::string sealed_by(const Seal& seal, const Bond& bond) {
    std::string text;
    seal.append(text, bond);
    return text;
}

TEST(ASeal, opens_what_it_sealed_and_nothing_else) {
    const Seal seal(std::string(Seal::kKeyBytes, 'k'));
    const std::string text = sealed_by(seal, kBond);
    EXPECT_EQ(seal.open(text), kBond);
    EXPECT_EQ(text.find_first_of("=;, \"%"), std::string::npos) << "a cookie's value as it is";
    EXPECT_FALSE(Seal(std::string(Seal::kKeyBytes, 'K')).open(text));
    EXPECT_FALSE(seal.open(""));
    EXPECT_FALSE(seal.open(text + "A"));
    EXPECT_FALSE(seal.open(text.substr(1)));
    EXPECT_FALSE(seal.open("%41" + text.substr(3)));
}

TEST(ASeal, is_broken_by_any_changed_letter_but_for_spare_bits_at_the_end) {
    const Seal seal(std::string(Seal::kKeyBytes, 'k'));
    const std::string text = sealed_by(seal, kBond);
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        std::string bent = text;
        bent[i] = bent[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(seal.open(bent)) << i;
    }
}

TEST(ASeal, tells_nothing_of_whom_it_names) {
    const Seal seal(std::string(Seal::kKeyBytes, 'k'));
    Bond other = kBond;
    other.until += 1;
    EXPECT_NE(sealed_by(seal, kBond).substr(0, 20), sealed_by(seal, other).substr(0, 20));
}

TEST(ASeal, outlives_its_process_in_a_file_that_only_its_owner_reads) {
    const testing::Folder folder;
    const std::filesystem::path file = folder.path / "edge.key";
    const auto first = Seal::kept_in(file);
    const auto second = Seal::kept_in(file);
    ASSERT_TRUE(first && second);
    EXPECT_EQ((*second)->open(sealed_by(**first, kBond)), kBond);
    struct stat status{};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    const auto alone = Seal::kept_in({});
    ASSERT_TRUE(alone);
    EXPECT_FALSE((*alone)->open(sealed_by(**first, kBond)));
}

TEST(Fingerprints, tell_groups_and_targets_apart) {
    EXPECT_NE(fingerprint_of("blue"), fingerprint_of("green"));
    EXPECT_NE(fingerprint_of("blue", "i1"), fingerprint_of("blue", "i2"));
    EXPECT_NE(fingerprint_of("a", "bc"), fingerprint_of("ab", "c"));
    EXPECT_EQ(fingerprint_of("blue", "i1"), fingerprint_of("blue", "i1"));
}

}  // namespace
}  // namespace edge
