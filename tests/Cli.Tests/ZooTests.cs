using System.Text.Json;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

/// <summary>The trained networks that come along, by name in every verb that takes a model's file.</summary>
public sealed class ZooTests : IDisposable
{
    private const string Name = "zoo:abs-l2-NEG";

    private readonly TemporaryFolder _folder = new();

    /// <summary>Images of MNIST's size.</summary>
    public ZooTests()
    {
        foreach (string split in (string[])["train", "t10k"])
        {
            File.WriteAllBytes(_folder[$"{split}-images-idx3-ubyte"], IdxBytes.Images(20, 28, 28));
            File.WriteAllBytes(
                _folder[$"{split}-labels-idx1-ubyte"], IdxBytes.Labels([.. Enumerable.Range(0, 20).Select(i => (byte)(i % 10))]));
        }
    }

    public void Dispose() => _folder.Dispose();

    private string[] Data => ["--data", _folder.Path, "--device", "cpu"];

    public static TheoryData<string[]> Uses() =>
    [
        ["evaluate", Name],
        ["analyze", Name, "--what", "weights", "--out", "analysis"],
        ["page", Name, "zoo:ReLU2", "--out", "page.html"],
        ["train", "--init", Name, "--model", "Abs-L2-Neg", "--epochs", "1"],
    ];

    [Theory]
    [MemberData(nameof(Uses))]
    public void Every_verb_that_takes_a_model_takes_its_name(string[] arguments)
    {
        if (Array.IndexOf(arguments, "--out") is var option and >= 0)
            arguments[option + 1] = _folder[arguments[option + 1]];
        CliResult result = CliCall.Run([.. arguments, .. Data]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(Name, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_export_is_that_of_the_file()
    {
        CliResult result = CliCall.Run("export", Name, "--to", "pytorch", "--out", _folder["exported"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        byte[] exported = File.ReadAllBytes(_folder["exported/model.safetensors"]);
        using var header = JsonDocument.Parse(exported.AsMemory(8, (int)BitConverter.ToInt64(exported)));
        Assert.Equal("[10,128]", header.RootElement.GetProperty("2.mu").GetProperty("shape").GetRawText());
    }

    [Theory]
    [InlineData("evaluate", "zoo:Abs-L2-Nge")]
    [InlineData("page", "zoo:Abs-L2-Nge", "--out", "page.html")]
    [InlineData("analyze", "Abs-L2-Neg")]
    public void A_wrong_name_is_one_line_with_the_right_one(params string[] arguments)
    {
        CliResult result = CliCall.Run([.. arguments, .. Data]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("zoo:Abs-L2-Neg", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void The_analysis_of_a_network_that_comes_along_knows_its_sum()
    {
        Assert.Equal(0, CliCall.Run(
            ["analyze", "zoo:Abs", "--what", "weights", "--out", _folder["analysis"], .. Data]).ExitCode);
        using var record = JsonDocument.Parse(File.ReadAllText(_folder["analysis/analysis.json"]));
        Assert.Equal(
            "222cdb75f9dee345ede3d55a48cd2f2809a92db833b959cc6d54d0a07ab42947",
            record.RootElement.GetProperty("models")[0].GetProperty("runs")[0].GetProperty("modelSha256").GetString());
    }
}
