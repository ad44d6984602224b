#include "local/artifact.h"

#include "local/command.h"
#include "local/temporary_test.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace local {
namespace {

namespace fs = std::filesystem;

struct ArtifactFolder : testing::Test {
    ArtifactFolder() {
        fs::create_directories(folder.path / "artifacts");
        put(folder.path / "app/bin/server", "#!/bin/sh\n");
        put(folder.path / "app/readme", "text");
        fs::permissions(folder.path / "app/bin/server", fs::perms::owner_exec,
                        fs::perm_options::add);
    }
    base::Result<void> prepare(const std::string& name) {
        const auto digest = base::digest_of(folder.path / name);
        if (!digest) return base::fail(digest);
        return artifacts.prepare(folder.path / name, *digest, clock, soon(clock));
    }
    fs::path prepared(const std::string& name) {
        return artifacts.folder_of(*base::digest_of(folder.path / name));
    }
    bool pack(const std::string& name) {
        const Launch launch{
            .command = {"tar", "--create", "--auto-compress", "--file", name, "-C", "app", "."},
            .environment = minimal_environment(),
            .working_folder = folder.path};
        const auto done = run_command(launch, 4096, clock, soon(clock));
        return done && done->exit.code == 0;
    }
    std::size_t entries() {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder.path / "artifacts"), {}));
    }

    base::Clock& clock = real_clock();
    TemporaryFolder folder;
    Artifacts artifacts{folder.path / "artifacts"};
};

TEST_F(ArtifactFolder, a_folder_is_copied_with_its_executable_bits) {
    ASSERT_TRUE(prepare("app"));
    EXPECT_EQ(access((prepared("app") / "bin/server").c_str(), X_OK), 0);
    EXPECT_EQ(content_of(prepared("app") / "readme"), "text");
    EXPECT_EQ(base::digest_of(prepared("app")), base::digest_of(folder.path / "app"));
}

TEST_F(ArtifactFolder, archives_are_unpacked_with_their_executable_bits) {
    for (const std::string name : {"a.tar", "a.tar.gz", "a.tgz", "a.tar.zst"}) {
        if (!pack(name)) {
            EXPECT_EQ(name, "a.tar.zst") << "only zstd may be absent";
            continue;
        }
        ASSERT_TRUE(prepare(name)) << name << prepare(name).error().line();
        EXPECT_EQ(access((prepared(name) / "bin/server").c_str(), X_OK), 0) << name;
        EXPECT_FALSE(fs::exists(prepared(name) / name));
    }
}

TEST_F(ArtifactFolder, a_single_file_keeps_its_name_and_may_be_run) {
    ASSERT_TRUE(prepare("app/bin/server"));
    EXPECT_EQ(access((prepared("app/bin/server") / "server").c_str(), X_OK), 0);
}

TEST_F(ArtifactFolder, preparing_again_changes_nothing_even_without_the_source) {
    ASSERT_TRUE(prepare("app"));
    const auto digest = *base::digest_of(folder.path / "app");
    fs::remove_all(folder.path / "app");
    EXPECT_TRUE(artifacts.prepare(folder.path / "app", digest, clock, soon(clock)));
    EXPECT_EQ(entries(), 1U);
}

TEST_F(ArtifactFolder, another_digest_is_rejected_and_leaves_nothing) {
    const auto wrong =
        artifacts.prepare(folder.path / "app", base::sha256("other"), clock, soon(clock));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().failure, base::Failure::rejected);
    EXPECT_EQ(wrong.error().diagnostic.code, "CF0413");
    EXPECT_EQ(entries(), 0U);
}

TEST_F(ArtifactFolder, a_source_that_is_nowhere_is_not_found) {
    const auto missing =
        artifacts.prepare(folder.path / "none.tar", base::sha256(""), clock, soon(clock));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().failure, base::Failure::not_found);
}

TEST_F(ArtifactFolder, a_broken_archive_is_rejected_with_what_tar_said) {
    put(folder.path / "broken.tar.gz", "this is no archive");
    const auto broken = prepare("broken.tar.gz");
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().diagnostic.code, "CF0415");
    EXPECT_NE(broken.error().line().find("tar"), std::string::npos) << broken.error().line();
    EXPECT_EQ(entries(), 0U);
}

TEST_F(ArtifactFolder, nothing_is_unpacked_outside_of_its_folder) {
    put(folder.path / "evil.py",
        "import tarfile,io\nt=tarfile.open('evil.tar','w')\n"
        "for n in ('../../escaped','/tmp/crossfade-escaped','ok'):\n"
        "    i=tarfile.TarInfo(n); i.size=1; t.addfile(i,io.BytesIO(b'x'))\n"
        "t.close()\n");
    const Launch launch{.command = {"python3", "evil.py"},
                        .environment = minimal_environment(),
                        .working_folder = folder.path};
    ASSERT_TRUE(run_command(launch, 4096, clock, soon(clock)));
    const auto done = prepare("evil.tar");
    EXPECT_FALSE(fs::exists(folder.path / "escaped"));
    EXPECT_FALSE(fs::exists("/tmp/crossfade-escaped"));
    EXPECT_FALSE(done);
}

TEST_F(ArtifactFolder, a_full_disk_leaves_nothing_half_done) {
    put(folder.path / "large", std::string(512 * 1024, 'x'));
    const pid_t pid = fork();
    if (pid == 0) {
        limit_file_size(64 * 1024);
        _exit(prepare("large") ? 1 : 0);
    }
    int status = -1;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(entries(), 0U);
}

TEST_F(ArtifactFolder, only_what_is_kept_and_what_is_under_way_stays) {
    ASSERT_TRUE(prepare("app"));
    ASSERT_TRUE(prepare("app/readme"));
    fs::create_directories(folder.path / "artifacts/.staged-999999999-0/content");
    const std::string mine = ".staged-" + std::to_string(getpid()) + "-77";
    fs::create_directories(folder.path / "artifacts" / mine);
    ASSERT_TRUE(artifacts.retain({*base::digest_of(folder.path / "app")}));
    EXPECT_TRUE(fs::exists(prepared("app")));
    EXPECT_FALSE(fs::exists(prepared("app/readme")));
    EXPECT_TRUE(fs::exists(folder.path / "artifacts" / mine));
    EXPECT_EQ(entries(), 2U);
}

}  // namespace
}  // namespace local
