// oracles: asks this build every case of an oracle set and compares the answers.
// Exit status: 0 all that ran passed, 1 some failed, 2 the run itself was not possible.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>

#include "bindings.hpp"
#include "device_names.hpp"
#include "dump.hpp"
#include "report.hpp"
#include "runner.hpp"
#include "tessera/interop/error.hpp"
#include "tessera/interop/text.hpp"

namespace {

using namespace tessera::oracles;

struct settings {
    run_options run;
    std::string backend = "cpu";
    std::string floats;
    std::string json_file;
    std::string dump_folder;
};

void add_options(CLI::App& app, settings& s) {
    app.add_option("--root", s.run.root, "folder of the oracle set")->required();
    app.add_option("--lib", s.run.library, "only this library's groups (default: all)");
    app.add_option("--group", s.run.group, "only this group, as 'unary' or 'array/unary' (default: all)");
    app.add_option("--backend", s.backend, "device to run on: cpu, vulkan:0, ...")->capture_default_str();
    app.add_option("--dtype", s.floats,
                   "f32: cast the inputs of nn, autograd, optim and solvers, elsewhere run the f32 and c64 cases; "
                   "f64: elsewhere run the f64 and c128 cases (default: everything as it is)")
        ->check(CLI::IsMember({"", "f32", "f64"}));
    app.add_option("--json", s.json_file, "write the counts to this file");
    app.add_option("--dump", s.dump_folder, "write every answer under this folder, in the layout of the set");
}

precision precision_named(const std::string& name) {
    if (name == "f32") return precision::f32;
    return name == "f64" ? precision::f64 : precision::as_given;
}

void write_json(const report& results, const std::string& file) {
    std::ofstream out(file);
    out << results.to_json().dump(2) << '\n';
    out.close();
    if (!out) throw tessera::format_error(tessera::text("oracles: cannot write ", file));
}

void check_dump_folder(const settings& s) {
    std::error_code absent;  // a folder that does not exist yet is no oracle set
    if (!s.dump_folder.empty() && std::filesystem::equivalent(s.dump_folder, s.run.root, absent))
        throw tessera::value_error(
            tessera::text("oracles: --dump ", s.dump_folder, " would overwrite the set of --root"));
}

int run(const settings& s) {
    check_dump_folder(s);
    const tessera::testing::oracle_registry registry = all_bindings();
    report results;
    for (const group_name& which : list_groups(s.run.root, s.run.library, s.run.group)) {
        std::unique_ptr<group_dump> dump;
        if (!s.dump_folder.empty()) dump = std::make_unique<group_dump>(s.dump_folder, which);
        const counts numbers =
            run_group(which, registry, s.run, [&](const manifest_case& c, const case_result& result) {
                results.add_case(c, result);
                if (dump) dump->add(c, result);
            });
        if (dump) dump->close();
        results.add_group(which, numbers);
    }
    results.print(std::cout);
    if (!s.json_file.empty()) write_json(results, s.json_file);
    return results.total().failed > 0 ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Compares this build's answers with an oracle set.", "oracles");
    settings s;
    add_options(app, s);
    try {
        app.parse(argc, argv);
        s.run.floats = precision_named(s.floats);
        s.run.device = device_named(s.backend);
        return run(s);
    } catch (const CLI::ParseError& e) { return app.exit(e) == 0 ? 0 : 2; } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 2;
    }
}
