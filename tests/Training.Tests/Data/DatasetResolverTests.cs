using IlgpuDistance.Gpu;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class DatasetResolverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _named, _environment, _cache;

    public DatasetResolverTests()
    {
        _named = _folder["named"];
        _environment = _folder["environment"];
        _cache = _folder["cache"];
    }

    public void Dispose() => _folder.Dispose();

    private static MnistDownloader NewDownloader(Uri mirror, IReadOnlyList<MnistFile>? files = null) =>
        new([mirror], files ?? MnistFile.All, HangLimit.Value, HangLimit.Value);

    private Task<ResolvedDataset> ResolveAsync(DatasetRequest request, bool withVariable = false, MnistDownloader? downloader = null) =>
        new DatasetResolver(
            new DataLocations(withVariable ? _environment : null, _cache),
            downloader ?? NewDownloader(LoopbackServer.RefusingAddress())).ResolveAsync(request);

    private async Task<string> FailureAsync(DatasetRequest request, bool withVariable = false) =>
        (await Assert.ThrowsAsync<InputException>(() => ResolveAsync(request, withVariable))).Message;

    [Fact]
    public async Task The_folder_of_the_request_comes_before_that_of_the_environment()
    {
        IdxBytes.WriteSmallSet(_named);
        IdxBytes.WriteSmallSet(_environment);
        Assert.Equal(_named, (await ResolveAsync(new() { Folder = _named }, withVariable: true)).Dataset.Location);
        ResolvedDataset resolved = await ResolveAsync(new(), withVariable: true);
        Assert.Equal(_environment, resolved.Dataset.Location);
        Assert.Equal(
            $"environment: 6 training and 3 test images of 3×2 in 3 classes, from {_environment}, named by ILGPU_DISTANCE_DATA",
            resolved.Source);
        Assert.Empty(resolved.Warnings);
    }

    [Theory]
    [InlineData(DatasetChoice.Auto)]
    [InlineData(DatasetChoice.Mnist)]
    public async Task A_folder_that_somebody_named_is_never_passed_over(DatasetChoice choice)
    {
        Assert.Contains("there is no such folder", await FailureAsync(new() { Choice = choice, Folder = _named }));
        Assert.Contains(
            "(the environment variable ILGPU_DISTANCE_DATA names this folder)",
            await FailureAsync(new() { Choice = choice }, withVariable: true));

        IdxBytes.WriteSmallSet(_named);
        File.Delete(Path.Combine(_named, "t10k-labels-idx1-ubyte"));
        Assert.Contains("t10k-labels-idx1-ubyte missing", await FailureAsync(new() { Choice = choice, Folder = _named }));
    }

    [Fact]
    public async Task An_empty_folder_name_is_an_error() =>
        Assert.Contains("--data is empty", await FailureAsync(new() { Folder = "" }));

    [Fact]
    public async Task The_digits_are_built_in()
    {
        IdxBytes.WriteSmallSet(_environment);
        ResolvedDataset resolved = await ResolveAsync(new() { Choice = DatasetChoice.Digits }, withVariable: true);
        Assert.Equal("digits: 1,442 training and 355 test images of 8×8 in 10 classes, built into the program", resolved.Source);
        Assert.Empty(resolved.Warnings);
    }

    [Fact]
    public async Task The_digits_and_a_folder_contradict_each_other() =>
        Assert.Contains(
            "leave out --data", await FailureAsync(new() { Choice = DatasetChoice.Digits, Folder = _named }));

    [Theory]
    [InlineData(DownloadPolicy.WhenNeeded, "could not be downloaded")]
    [InlineData(DownloadPolicy.Later, "training would download it")]
    [InlineData(DownloadPolicy.Offline, "--offline forbids to download it")]
    public async Task Without_MNIST_the_digits_stand_in_with_a_warning_that_says_why(DownloadPolicy policy, string reason)
    {
        ResolvedDataset resolved = await ResolveAsync(new() { Download = policy });
        Assert.Equal("digits", resolved.Dataset.Name);
        string warning = Assert.Single(resolved.Warnings);
        Assert.StartsWith("This is not MNIST", warning);
        Assert.Contains(reason, warning);
    }

    [Theory]
    [InlineData(DownloadPolicy.WhenNeeded, "could not be downloaded")]
    [InlineData(DownloadPolicy.Later, "training would download it")]
    [InlineData(DownloadPolicy.Offline, "--offline forbids to download it")]
    public async Task Who_insists_on_MNIST_gets_an_error_instead(DownloadPolicy policy, string reason) =>
        Assert.Contains(
            reason, await FailureAsync(new() { Choice = DatasetChoice.Mnist, Download = policy }));

    [Fact]
    public async Task A_damaged_cache_is_told_and_passed_over()
    {
        IdxBytes.WriteSmallSet(_cache);
        await File.WriteAllBytesAsync(Path.Combine(_cache, "train-images-idx3-ubyte"), [0, 0, 8, 3]);
        ResolvedDataset resolved = await ResolveAsync(new() { Download = DownloadPolicy.Offline });
        Assert.Equal("digits", resolved.Dataset.Name);
        Assert.StartsWith("The cached MNIST cannot be used: ", resolved.Warnings[0]);
        Assert.StartsWith("This is not MNIST", resolved.Warnings[1]);
    }

    [Fact]
    public async Task Other_data_in_the_cache_is_not_taken_for_MNIST()
    {
        IdxBytes.WriteSmallSet(_cache);
        string message = await FailureAsync(new() { Choice = DatasetChoice.Mnist, Download = DownloadPolicy.Offline });
        Assert.Contains("where MNIST has 6bbc9ace898e44ae57da46a324031adb", message);
    }

    [SkippableFact]
    public async Task MNIST_is_downloaded_once_and_then_read_from_the_cache()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        Dictionary<string, byte[]> archives = MnistFile.All.ToDictionary(
            file => file.ArchiveName, file => File.ReadAllBytes(Path.Combine(RealMnist.Folder, file.ArchiveName)));
        MnistFile[] files = [.. MnistFile.All.Select(file => file with
        {
            ArchiveBytes = archives[file.ArchiveName].Length,
            ArchiveMd5 = Md5Sum.Of(archives[file.ArchiveName]),
        })];
        // One damaged file lies in the cache already.
        Directory.CreateDirectory(_cache);
        await File.WriteAllBytesAsync(Path.Combine(_cache, files[0].ArchiveName), new byte[100]);

        await using (LoopbackServer server = LoopbackServer.Serving(archives))
        {
            ResolvedDataset downloaded = await ResolveAsync(new(), downloader: NewDownloader(server.Address, files));
            Assert.Equal("MNIST", downloaded.Dataset.Name);
            Assert.EndsWith($"downloaded to {_cache}", downloaded.Source);
            Assert.Empty(downloaded.Warnings);
        }
        ResolvedDataset cached = await ResolveAsync(new() { Choice = DatasetChoice.Mnist, Download = DownloadPolicy.Offline });
        Assert.EndsWith($"from the cache, {_cache}", cached.Source);
    }
}
