using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Tests;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class DatasetResolverTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _named, _environment, _caches, _cache;

    public DatasetResolverTests()
    {
        _named = _folder["named"];
        _environment = _folder["environment"];
        _caches = _folder["caches"];
        _cache = _folder["caches/mnist"];
    }

    public void Dispose() => _folder.Dispose();

    private static PublishedDataset Mnist(Uri mirror) => PublishedDataset.Mnist with { Mirrors = [mirror] };

    private static DatasetDownloader NewDownloader() => new(HangLimit.Value, HangLimit.Value);

    private Task<ResolvedDataset> ResolveAsync(
        DatasetRequest request, bool withVariable = false, PublishedDataset? published = null) =>
        new DatasetResolver(
            new DataLocations(withVariable ? _environment : null, _caches), NewDownloader(),
            [published ?? Mnist(LoopbackServer.RefusingAddress())]).ResolveAsync(request);

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
    [InlineData("auto")]
    [InlineData("MNIST")]
    public async Task A_folder_that_somebody_named_is_never_passed_over(string name)
    {
        Assert.Contains("there is no such folder", await FailureAsync(new() { Name = name, Folder = _named }));
        Assert.Contains(
            "(the environment variable ILGPU_DISTANCE_DATA names this folder)",
            await FailureAsync(new() { Name = name }, withVariable: true));

        IdxBytes.WriteSmallSet(_named);
        File.Delete(Path.Combine(_named, "t10k-labels-idx1-ubyte"));
        Assert.Contains("t10k-labels-idx1-ubyte missing", await FailureAsync(new() { Name = name, Folder = _named }));
    }

    [Fact]
    public async Task An_empty_folder_name_is_an_error() =>
        Assert.Contains("data folder is empty", await FailureAsync(new() { Folder = "" }));

    [Fact]
    public async Task The_digits_are_built_in()
    {
        IdxBytes.WriteSmallSet(_environment);
        ResolvedDataset resolved = await ResolveAsync(new() { Name = "digits" }, withVariable: true);
        Assert.Equal("digits: 1,442 training and 355 test images of 8×8 in 10 classes, built into the program", resolved.Source);
        Assert.Empty(resolved.Warnings);
    }

    [Fact]
    public async Task The_digits_and_a_folder_contradict_each_other() =>
        Assert.Contains(
            "leave out data folder, or data set digits", await FailureAsync(new() { Name = "digits", Folder = _named }));

    [Theory]
    [InlineData(nameof(DownloadPolicy.WhenNeeded), "could not be downloaded")]
    [InlineData(nameof(DownloadPolicy.Later), "training would download it")]
    [InlineData(nameof(DownloadPolicy.Offline), "ban on downloads forbids to download it")]
    public async Task Without_MNIST_the_digits_stand_in_with_a_warning_that_says_why(string policy, string reason)
    {
        ResolvedDataset resolved = await ResolveAsync(new() { Download = Enum.Parse<DownloadPolicy>(policy) });
        Assert.Equal("digits", resolved.Dataset.Name);
        string warning = Assert.Single(resolved.Warnings).ToString();
        Assert.StartsWith("This is not MNIST", warning);
        Assert.Contains(reason, warning);
    }

    [Theory]
    [InlineData(nameof(DownloadPolicy.WhenNeeded), "could not be downloaded")]
    [InlineData(nameof(DownloadPolicy.Later), "training would download it")]
    [InlineData(nameof(DownloadPolicy.Offline), "ban on downloads forbids to download it")]
    public async Task Who_insists_on_MNIST_gets_an_error_instead(string policy, string reason) =>
        Assert.Contains(
            reason, await FailureAsync(new() { Name = "mnist", Download = Enum.Parse<DownloadPolicy>(policy) }));

    [Fact]
    public async Task A_damaged_cache_is_told_and_passed_over()
    {
        IdxBytes.WriteSmallSet(_cache);
        await File.WriteAllBytesAsync(Path.Combine(_cache, "train-images-idx3-ubyte"), [0, 0, 8, 3]);
        ResolvedDataset resolved = await ResolveAsync(new() { Download = DownloadPolicy.Offline });
        Assert.Equal("digits", resolved.Dataset.Name);
        Assert.StartsWith("The cached MNIST cannot be used: ", resolved.Warnings[0].ToString());
        Assert.StartsWith("This is not MNIST", resolved.Warnings[1].ToString());
    }

    [Fact]
    public async Task Other_data_in_the_cache_is_not_taken_for_MNIST()
    {
        IdxBytes.WriteSmallSet(_cache);
        string message = await FailureAsync(new() { Name = "mnist", Download = DownloadPolicy.Offline });
        Assert.Contains("where MNIST has 6bbc9ace898e44ae57da46a324031adb", message);
    }

    /// <summary>A small data set under the names of Fashion-MNIST, and its archives.</summary>
    private static (PublishedDataset Dataset, Dictionary<string, byte[]> Archives) SmallFashion(Uri mirror)
    {
        byte[][] contents =
            [IdxBytes.Images(6, 3, 2), IdxBytes.Labels(0, 1, 2, 0, 1, 2), IdxBytes.Images(3, 3, 2), IdxBytes.Labels(2, 1, 0)];
        PublishedDataset fashion = PublishedDataset.FashionMnist;
        var archives = fashion.Files.Zip(contents)
            .ToDictionary(pair => pair.First.ArchiveName, pair => IdxBytes.Gzip(pair.Second));
        PublishedFile Stored(PublishedFile file) => file with { ArchiveMd5 = Md5Sum.Of(archives[file.ArchiveName]) };
        return (fashion with
        {
            Mirrors = [mirror],
            TrainImages = Stored(fashion.TrainImages),
            TrainLabels = Stored(fashion.TrainLabels),
            TestImages = Stored(fashion.TestImages),
            TestLabels = Stored(fashion.TestLabels),
        }, archives);
    }

    [Fact]
    public async Task A_data_set_of_which_only_the_sums_of_the_archives_are_known_is_downloaded_once()
    {
        var (fashion, archives) = SmallFashion(LoopbackServer.RefusingAddress());
        await using (LoopbackServer server = LoopbackServer.Serving(archives))
        {
            ResolvedDataset downloaded =
                await ResolveAsync(new() { Name = "Fashion-MNIST" }, published: fashion with { Mirrors = [server.Address] });
            Assert.Equal("Fashion-MNIST", downloaded.Dataset.Name);
            Assert.EndsWith($"downloaded to {_folder["caches/fashion-mnist"]}", downloaded.Source);
            Assert.All(downloaded.Dataset.Files, file => Assert.True(file.IsPublished));
        }
        ResolvedDataset cached = await ResolveAsync(
            new() { Name = "fashion-mnist", Download = DownloadPolicy.Offline }, published: fashion);
        Assert.Equal("Fashion-MNIST", cached.Dataset.Name);

        // Sound files that are not the published ones.
        File.WriteAllBytes(_folder["caches/fashion-mnist/t10k-labels-idx1-ubyte.gz"], IdxBytes.Gzip(IdxBytes.Labels(0, 0, 1)));
        var error = await Assert.ThrowsAsync<InputException>(
            () => ResolveAsync(new() { Name = "fashion-mnist", Download = DownloadPolicy.Offline }, published: fashion));
        Assert.Contains("where those of Fashion-MNIST are expected", error.Message);
    }

    [SkippableTheory]
    [InlineData("a file lies in its place")]
    [InlineData("/proc/none")]
    public async Task A_cache_that_cannot_be_written_is_told_and_the_data_comes_from_memory(string cache)
    {
        Skip.If(cache[0] == '/' && !OperatingSystem.IsLinux(), "this folder is Linux's");
        string caches = cache[0] == '/' ? cache : _folder["file"];
        await File.WriteAllTextAsync(_folder["file"], "");
        var (fashion, archives) = SmallFashion(LoopbackServer.RefusingAddress());
        await using LoopbackServer server = LoopbackServer.Serving(archives);
        var resolver = new DatasetResolver(
            new DataLocations(null, caches), NewDownloader(), [fashion with { Mirrors = [server.Address] }]);

        ResolvedDataset resolved = await resolver.ResolveAsync(new() { Name = "fashion-mnist" });
        Assert.Equal(("Fashion-MNIST", 6), (resolved.Dataset.Name, resolved.Dataset.Train.Count));
        string warning = Assert.Single(resolved.Warnings).ToString();
        Assert.StartsWith($"Fashion-MNIST could not be stored in {Path.Combine(caches, "fashion-mnist")}: ", warning);
        Assert.EndsWith($"let the environment variable {DataLocations.CacheVariable} name a folder that can be written.",
            warning);

        var error = await Assert.ThrowsAsync<InputException>(
            () => resolver.ResolveAsync(new() { Name = "fashion-mnist", Download = DownloadPolicy.ToCache }));
        Assert.StartsWith("Fashion-MNIST could not be stored in ", error.Message);
    }

    [SkippableFact]
    public async Task One_changed_file_among_those_of_MNIST_is_told()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        Directory.CreateDirectory(_named);
        foreach (string file in Directory.GetFiles(RealMnist.Folder, "*.gz"))
            File.Copy(file, Path.Combine(_named, Path.GetFileName(file)));
        File.Delete(Path.Combine(_named, "t10k-labels-idx1-ubyte.gz"));
        await File.WriteAllBytesAsync(Path.Combine(_named, "t10k-labels-idx1-ubyte"), IdxBytes.Labels(new byte[10_000]));
        ResolvedDataset resolved = await ResolveAsync(new() { Folder = _named });
        Assert.Equal("named", resolved.Dataset.Name);
        Assert.Equal(
            $"Of the files in {_named}, t10k-labels-idx1-ubyte differs from the published data set to which the others belong.",
            Assert.Single(resolved.Warnings).ToString());
    }

    [Fact]
    public async Task EMNIST_is_not_downloaded_and_the_error_says_where_to_get_it()
    {
        var resolver = new DatasetResolver(new DataLocations(null, _caches), NewDownloader());
        string message =
            (await Assert.ThrowsAsync<InputException>(() => resolver.ResolveAsync(new() { Name = "emnist-letters" }))).Message;
        Assert.StartsWith("EMNIST letters is not downloaded", message);
        Assert.Contains("name its folder", message);
    }

    [Fact]
    public async Task A_name_that_is_not_known_is_an_error_with_the_nearest_one()
    {
        string message = await FailureAsync(new() { Name = "fashon-mnist" });
        Assert.StartsWith("data set fashon-mnist: expected one of auto, mnist, fashion-mnist, ", message);
        Assert.EndsWith("did you mean fashion-mnist?", message);
        Assert.EndsWith(
            "did you mean emnist-balanced, emnist-byclass, emnist-bymerge, emnist-digits, emnist-letters or emnist-mnist?",
            await FailureAsync(new() { Name = "emnist" }));
    }

    [Fact]
    public async Task The_images_of_EMNIST_are_turned_upright_where_the_user_wants_it()
    {
        IdxBytes.WriteSmallSet(_named, "emnist-digits-train", "emnist-digits-test");
        ResolvedDataset lying = await ResolveAsync(new() { Folder = _named });
        Assert.Contains("transposition turns them upright", Assert.Single(lying.Warnings).ToString());
        ResolvedDataset upright = await ResolveAsync(new() { Folder = _named, Transpose = true });
        Assert.Empty(upright.Warnings);
        Assert.StartsWith("EMNIST digits (not as published), transposed: 6 training and 3 test images of 2×3 in 3 classes",
            upright.Source);
        // Pixel i is i: rows 0 1, 2 3, 4 5 become 0 2 4, 1 3 5.
        Assert.Equal([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11], upright.Dataset.Train.Pixels[..12].ToArray());
        Assert.Equal(lying.Dataset.Test.Labels.ToArray(), upright.Dataset.Test.Labels.ToArray());
    }

    [Fact]
    public async Task The_number_of_classes_can_be_said_for_every_data_set()
    {
        IdxBytes.WriteSmallSet(_named);
        ResolvedDataset resolved = await ResolveAsync(new() { Folder = _named, Classes = 5 });
        Assert.Equal(5, resolved.Dataset.Classes);
        Assert.Equal("No training image is of class 3 or 4.", Assert.Single(resolved.Warnings).ToString());
        Assert.Equal(12, (await ResolveAsync(new() { Name = "digits", Classes = 12 })).Dataset.Classes);
        Assert.Contains("number of classes 9 allows none above 8", await FailureAsync(new() { Name = "digits", Classes = 9 }));
    }

    [SkippableFact]
    public async Task MNIST_is_downloaded_once_and_then_read_from_the_cache()
    {
        Skip.If(RealMnist.Folder is null, RealMnist.WhyMissing);
        Dictionary<string, byte[]> archives = PublishedDataset.Mnist.Files.ToDictionary(
            file => file.ArchiveName, file => File.ReadAllBytes(Path.Combine(RealMnist.Folder, file.ArchiveName)));
        PublishedFile Stored(PublishedFile file) => file with
        {
            ArchiveBytes = archives[file.ArchiveName].Length,
            ArchiveMd5 = Md5Sum.Of(archives[file.ArchiveName]),
        };
        // One damaged file lies in the cache already.
        Directory.CreateDirectory(_cache);
        await File.WriteAllBytesAsync(Path.Combine(_cache, "train-images-idx3-ubyte.gz"), new byte[100]);

        await using (LoopbackServer server = LoopbackServer.Serving(archives))
        {
            PublishedDataset mnist = Mnist(server.Address);
            ResolvedDataset downloaded = await ResolveAsync(new(), published: mnist with
            {
                TrainImages = Stored(mnist.TrainImages),
                TrainLabels = Stored(mnist.TrainLabels),
                TestImages = Stored(mnist.TestImages),
                TestLabels = Stored(mnist.TestLabels),
            });
            Assert.Equal("MNIST", downloaded.Dataset.Name);
            Assert.EndsWith($"downloaded to {_cache}", downloaded.Source);
            Assert.Empty(downloaded.Warnings);
        }
        ResolvedDataset cached = await ResolveAsync(new() { Name = "mnist", Download = DownloadPolicy.Offline });
        Assert.EndsWith($"from the cache, {_cache}", cached.Source);
    }
}
