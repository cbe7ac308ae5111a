using System.Diagnostics;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>The program beside an OpenCL driver that executes a trap as soon as it is loaded.</summary>
public sealed class BrokenDriverTests : IDisposable
{
    private const string Reason =
        "an OpenCL driver crashed the process that asked it for its devices (SIGILL, exit code 132); repair or remove it";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs the program where the only driver of OpenCL is broken; skips the test where none can be made.</summary>
    private CliResult Run(params string[] arguments)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a driver of OpenCL is named by a variable on Linux only");
        Skip.IfNot(File.Exists("/usr/bin/cc"), "there is no C compiler, /usr/bin/cc, for a broken driver");
        string withoutDriver = CliProcess.Run(["devices"], WithDriversIn(_folder.Path)).Output;
        Skip.IfNot(
            withoutDriver.Contains("OpenCL is installed", StringComparison.Ordinal),
            "no library libOpenCL.so.1 that takes its drivers from OCL_ICD_VENDORS is installed");
        File.WriteAllText(_folder["trap.c"], "__attribute__((constructor)) static void trap(void) { __builtin_trap(); }");
        var compiler = new ProcessStartInfo("cc", ["-shared", "-fPIC", "-o", _folder["libtrap.so"], _folder["trap.c"]])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Assert.Equal(new CliResult(0, "", ""), CliProcess.Finish(compiler));
        Directory.CreateDirectory(_folder["vendors"]);
        File.WriteAllText(Path.Combine(_folder["vendors"], "trap.icd"), _folder["libtrap.so"]);
        return CliProcess.Run(arguments, WithDriversIn(_folder["vendors"]));
    }

    private static Dictionary<string, string?> WithDriversIn(string folder) =>
        new() { ["OCL_ICD_VENDORS"] = folder, ["CUDA_VISIBLE_DEVICES"] = "" };

    private CliResult Train(params string[] options) =>
        Run(["train", "--dataset", "digits", "--model", "linear(10)", "--epochs", "0", "--quiet", .. options]);

    [SkippableFact]
    public void Auto_takes_another_device_and_says_so_in_one_warning()
    {
        CliResult result = Train("--threads", "1");
        Assert.Equal((0, $"warning: {Reason}\n"), (result.ExitCode, result.Error));
        Assert.StartsWith("train ", result.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_CPU_is_used_without_a_word()
    {
        CliResult result = Train("--device", "cpu");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }

    [SkippableFact]
    public void OpenCL_is_refused_in_words()
    {
        CliResult result = Train("--device", "opencl");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"error: device \"opencl\": {Reason}; usable here: cpu; ", result.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_verification_says_beside_what_passed_that_the_driver_was_not_used()
    {
        CliResult result = Run(
            "verify", "--device", "auto", "--quick", "--out", _folder["report.md"], "--threads", "2", "--offline");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith(
            $"\npassed: 4 checks on cpu; opencl was not used: {Reason}\n", result.Output, StringComparison.Ordinal);
        Assert.Contains($"| opencl | {Reason} | not used |", File.ReadAllText(_folder["report.md"]), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_list_of_devices_names_the_driver()
    {
        CliResult result = Run("devices");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains($"\nopencl cannot be used: {Reason}.\n", result.Output, StringComparison.Ordinal);
    }
}
