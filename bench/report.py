"""What every benchmark prints and writes: `targets: [{name, value, bound, met}]`."""
import json
import platform
import subprocess


class Report:
    def __init__(self, bench, command):
        self.targets = []
        self.about = {
            "bench": bench, "command": command, "machine": platform.machine(),
            "kernel": platform.release(),
            "commit": subprocess.run(["git", "rev-parse", "--short", "HEAD"], text=True,
                                     capture_output=True, check=False).stdout.strip(),
        }
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as cpus:
            models = [line.split(":", 1)[1].strip() for line in cpus if line.startswith("model name")]
        self.about["cpu"] = f"{len(models)} x {models[0]}" if models else "unknown"

    def below(self, name, value, bound, unit):
        """A figure that should be at most `bound`."""
        met = value <= bound
        self.targets.append({"name": name, "value": round(value, 3), "bound": bound, "unit": unit,
                             "met": met})
        print(f"{'met   ' if met else 'MISSED'} {name}: {value:.3f} {unit} (at most {bound})",
              flush=True)

    def write(self, path):
        """Writes the report where asked, and names once more what was missed."""
        if path:
            with open(path, "w", encoding="utf-8") as file:
                json.dump(self.about | {"targets": self.targets}, file, indent=2)
                file.write("\n")
        missed = [target["name"] for target in self.targets if not target["met"]]
        print(f"{len(self.targets) - len(missed)} of {len(self.targets)} targets met"
              + (f"; missed: {', '.join(missed)}" if missed else ""))
