using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class KernelsVerbTests
{
    private static readonly string[] Fields =
        ["name", "operation", "flop", "bytes", "groupSize", "sharedMemoryBytes", "isProduct"];

    [Fact]
    public void The_table_has_each_kernel_with_its_formulas()
    {
        var (exitCode, output, error) = CliCall.Run("kernels");
        Assert.Equal((0, ""), (exitCode, error));
        string[] lines = output.Split('\n');
        int line = Array.FindIndex(lines,
            text => text.TrimStart().StartsWith("linear-forward-bytes-wide ", StringComparison.Ordinal));
        Assert.Matches(@"2 N I O +64 +8,704", lines[line]);
        Assert.Matches(@"y = x W \+ b +N I V \+ 4 I O \+ 4 N O", lines[line + 1]);
        Assert.Contains("V bytes of one value of the layer's input", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void The_JSON_has_the_same_kernels()
    {
        var (exitCode, output, error) = CliCall.Run("kernels", "--json");
        Assert.Equal((0, ""), (exitCode, error));
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal(["N", "I", "O", "S", "V"], root.GetProperty("letters").EnumerateObject().Select(letter => letter.Name));
        JsonElement[] kernels = [.. root.GetProperty("kernels").EnumerateArray()];
        Assert.All(kernels, kernel => Assert.Equal(Fields, kernel.EnumerateObject().Select(field => field.Name)));
        JsonElement step = kernels.Single(kernel => kernel.GetProperty("name").GetString() == "step-sgd");
        Assert.Equal((64, 0, false), (step.GetProperty("groupSize").GetInt32(), step.GetProperty("sharedMemoryBytes").GetInt32(),
            step.GetProperty("isProduct").GetBoolean()));
    }

    [Theory]
    [InlineData("ptx", "sm_75", ".target sm_75")]
    [InlineData("opencl", null, "kernel __attribute__((reqd_work_group_size(")]
    public void Each_kernel_is_written_to_a_file_of_its_own_and_replaces_an_older_one(
        string language, string? architecture, string content)
    {
        using var folder = new TemporaryFolder();
        string extension = language == "ptx" ? "ptx" : "cl";
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(folder[$"out/step-sgd.{extension}"], "old");
        File.WriteAllText(folder["out/notes.txt"], "mine");
        string[] arch = architecture is null ? [] : ["--arch", architecture];
        var (exitCode, output, error) = CliCall.Run(["kernels", "--emit", language, .. arch, "--out", folder["out"]]);
        Assert.Equal((0, ""), (exitCode, error));

        string[] files = Directory.GetFiles(folder["out"], $"*.{extension}");
        Assert.StartsWith($"{files.Length} kernels as ", output, StringComparison.Ordinal);
        Assert.True(files.Length > 20);
        Assert.All(files, file => Assert.Contains(content, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Equal(files.Length + 1, Directory.GetFileSystemEntries(folder["out"]).Length);
        Assert.Equal("mine", File.ReadAllText(folder["out/notes.txt"]));
    }

    [Theory]
    [InlineData("--emit ptx needs --arch: sm_75, sm_80, sm_86, sm_89, sm_90", "--emit", "ptx", "--out", "x")]
    [InlineData("architecture \"sm_35\": expected sm_75, sm_80, sm_86, sm_89, sm_90", "--emit", "ptx", "--arch", "sm_35", "--out",
        "x")]
    [InlineData("--arch chooses the architecture of PTX; OpenCL C is the same for all devices, leave --arch out", "--emit",
        "opencl", "--arch", "sm_80", "--out", "x")]
    [InlineData("--arch goes with --emit; add --emit ptx or --emit opencl", "--arch", "sm_80")]
    [InlineData("--out goes with --emit; add --emit ptx or --emit opencl", "--out", "x")]
    [InlineData("--emit writes one file per kernel; say with --out into which folder", "--emit", "opencl")]
    [InlineData("--json prints the list and --emit writes the kernels; give one of them", "--json", "--emit", "opencl", "--out",
        "x")]
    [InlineData("--emit cuda: expected ptx or opencl", "--emit", "cuda", "--out", "x")]
    public void Options_that_do_not_fit_are_one_line_on_standard_error(string message, params string[] options)
    {
        var (exitCode, output, error) = CliCall.Run(["kernels", .. options]);
        Assert.Equal((2, "", $"error: {message}"), (exitCode, output, error.Trim()));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "mine");
        var (exitCode, output, error) = CliCall.Run("kernels", "--emit", "opencl", "--out", folder["file"]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith($"error: {folder["file"]}: ", error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder["file"]));
    }
}
