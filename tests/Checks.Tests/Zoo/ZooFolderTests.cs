using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using IlgpuDistance.Checks.Zoo;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;

namespace IlgpuDistance.Checks.Tests.Zoo;

public sealed partial class ZooFolderTests : IDisposable
{
    private const string Kept = "docs/reproduction/kept/offset-l2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string InCheckout(string path)
    {
        Skip.If(Checkout.Folder is null, Checkout.WhyMissing);
        return Path.Combine(Checkout.Folder!, path);
    }

    [SkippableFact]
    public void The_README_has_the_sum_of_every_file_and_no_other()
    {
        string models = InCheckout("models");
        string[] sums = [.. SumPattern().Matches(File.ReadAllText(Path.Combine(models, "README.md"))).Select(sum => sum.Value)];
        Assert.NotEmpty(sums);
        Assert.Equal(
            Directory.GetFiles(models, "*.safetensors").Select(file =>
                $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetFileName(file)}")
                .Order(StringComparer.Ordinal),
            sums.Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public void The_command_in_the_README_makes_the_folder_of_the_repository()
    {
        string models = InCheckout("models"), kept = InCheckout(Kept);
        File.WriteAllText(_folder["Old.safetensors"], "");
        Assert.Equal(10, ZooFolder.Make([kept], _folder.Path).Count);
        string[] names = [.. Directory.GetFiles(models).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in names.Where(name => name != ZooFolder.ReadmeName))
            Assert.Equal(File.ReadAllBytes(Path.Combine(models, name)), File.ReadAllBytes(_folder[name]));
        Assert.Equal(
            File.ReadAllText(Path.Combine(models, ZooFolder.ReadmeName)),
            File.ReadAllText(_folder[ZooFolder.ReadmeName]).Replace(kept, Kept, StringComparison.Ordinal));
    }

    [SkippableFact]
    public void What_the_files_say_of_themselves_names_no_place_on_a_machine()
    {
        foreach (string file in Directory.GetFiles(InCheckout("models"), "*.safetensors"))
        {
            byte[] content = File.ReadAllBytes(file);
            using var header = JsonDocument.Parse(content.AsMemory(8, (int)BitConverter.ToInt64(content)));
            Assert.Equal(
                ["model", "inputs", "classes", "dataset", "input_scale", "scale", "shift"],
                header.RootElement.GetProperty("__metadata__").EnumerateObject().Select(text => text.Name));
            Assert.Equal("MNIST", header.RootElement.GetProperty("__metadata__").GetProperty("dataset").GetString());
        }
    }

    [SkippableFact]
    public void A_model_in_two_experiments_is_refused_and_the_folder_stays_as_it_is()
    {
        string kept = InCheckout(Kept);
        File.WriteAllText(_folder["Old.safetensors"], "");
        Assert.Equal(
            $"{kept}: Abs is in an experiment before it, too",
            Assert.Throws<InputException>(() => ZooFolder.Make([kept, kept], _folder.Path)).Message);
        Assert.Equal([_folder["Old.safetensors"]], Directory.GetFiles(_folder.Path));
    }

    [SkippableFact]
    public void A_folder_whose_README_cannot_be_written_keeps_its_networks()
    {
        string kept = InCheckout(Kept);
        File.WriteAllText(_folder["Abs.safetensors"], "old");
        File.WriteAllText(_folder["Old.safetensors"], "old");
        // Nothing can take the name of a folder with something in it.
        Directory.CreateDirectory(_folder[$"{ZooFolder.ReadmeName}/there"]);
        Assert.ThrowsAny<SystemException>(() => ZooFolder.Make([kept], _folder.Path));
        Assert.Equal(
            [_folder["Abs.safetensors"], _folder["Old.safetensors"]],
            Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
        Assert.Equal("old", File.ReadAllText(_folder["Abs.safetensors"]));
    }

    [GeneratedRegex("^[0-9a-f]{64}  .+$", RegexOptions.Multiline)]
    private static partial Regex SumPattern();
}
