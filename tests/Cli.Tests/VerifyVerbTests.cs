using System.Text.RegularExpressions;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class VerifyVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("report.html", "<td class=\"text\" data-label=\"result\">passed</td>")]
    [InlineData("report.md", "| the same bits twice | passed | 3 trainings")]
    public void The_processor_passes_and_the_report_says_what_was_found_and_nothing_about_people(string file, string passed)
    {
        CliResult result = CliCall.Run("verify", "--device", "cpu", "--threads", "2", "--quick", "--out", _folder[file]);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("  passed  PyTorch's figures: 29 models: logits ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("passed: 4 checks on cpu\n", result.Output, StringComparison.Ordinal);
        string report = File.ReadAllText(_folder[file]);
        Assert.Contains(passed, report, StringComparison.Ordinal);
        Assert.Contains("at the roof, µs", report, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, report, StringComparison.Ordinal);
        // As a word: the font of the page is a long text in which any short name may occur.
        Assert.DoesNotMatch($"[ /:]{Regex.Escape(Environment.MachineName)}[ .,]", report);
    }

    [Theory]
    [InlineData("--out report.txt: expected a name that ends with .html or .md", "--out", "report.txt")]
    [InlineData("device \"gpu\": expected all, auto, cpu, cuda", "--device", "gpu")]
    [InlineData("the SIMD executor runs on the CPU only", "--executor", "simd", "--device", "opencl", "--force-opencl")]
    [InlineData("error: MNIST is not in ", "--device", "cpu", "--dataset", "mnist")]
    public void Wrong_use_is_refused_before_anything_is_checked(string problem, params string[] arguments)
    {
        CliResult result = CliCall.Run(["verify", .. arguments]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
        // Nobody gave it.
        Assert.DoesNotContain("--offline", result.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("/proc/x.html", "--out X: [^\n]*'X'[.]?; name another file")]
    [InlineData("mkfifo", "--out X: is a pipe or a device; name a file")]
    [InlineData("ln -s /dev/full", "--out X: is a pipe or a device; name a file")]
    public void A_report_that_cannot_be_written_is_refused_before_anything_is_checked(string place, string problem)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the places are those of Linux");
        string file = place;
        if (!place.StartsWith('/'))
        {
            file = _folder["report.md"];
            using var process = System.Diagnostics.Process.Start("sh", ["-c", $"{place} '{file}'"]);
            process.WaitForExit();
        }
        CliResult result = CliCall.Run("verify", "--device", "cpu", "--quick", "--out", file);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Matches($"^error: {problem.Replace("X", Regex.Escape(file), StringComparison.Ordinal)}\n$", result.Error);
    }
}
