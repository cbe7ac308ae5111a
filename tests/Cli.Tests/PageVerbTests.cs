using IlgpuDistance.Tests;

namespace IlgpuDistance.Cli.Tests;

public sealed class PageVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Train(string model) => Assert.Equal(0, CliCall.Run(
        "train", "--dataset", "digits", "--device", "cpu", "--model", model, "--epochs", "1", "--out", _folder["run"], "--force",
        "--quiet").ExitCode);

    [Fact]
    public void Networks_that_are_named_are_on_the_page()
    {
        Train("linear(5) > abs > offset-l2(10) > neg");
        CliResult result = CliCall.Run(
            "page", _folder["run"], _folder["run/model.safetensors"], "--device", "cpu", "--out", _folder["page.html"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith(
            $"2 networks on the page {_folder["page.html"]}; open it in a browser\n", result.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(_folder["page.html"]);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.Contains("\\u003E abs \\u003E offset-l2(10) \\u003E neg (2)\"", page, StringComparison.Ordinal);
        // Nothing is fetched: the only address is that of the paper, in a link.
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_without_a_network_is_refused_in_one_line()
    {
        CliResult result = CliCall.Run("page", _folder["nothing"], "--out", _folder["page.html"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("there is no such file or folder", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.False(File.Exists(_folder["page.html"]));
    }

    [Fact]
    public void A_network_of_other_data_is_refused_in_one_line_and_no_page_is_left()
    {
        Train("linear(5) > abs > linear(10)");
        CliResult result = CliCall.Run(
            "page", _folder["run"], "--dataset", "digits", "--transpose", "--device", "cpu", "--out", _folder["page.html"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("was trained on", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["page.html"]));
    }
}
