using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace IlgpuDistance.Package.Tests;

public sealed class PackageTests
{
    /// <summary>The kind of debug information that says where a file of the source is found on the web.</summary>
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [Theory]
    [InlineData("IlgpuDistance.Gpu")]
    [InlineData("IlgpuDistance.Training")]
    [InlineData("IlgpuDistance.Zoo")]
    public void A_package_has_what_its_users_need(string id)
    {
        using ZipArchive package = PackedFiles.Open(id);
        Dictionary<string, XElement> about = PackedFiles.Describe(package, id);
        Assert.Equal("the IlgpuDistance contributors", about["authors"].Value);
        Assert.StartsWith("MIT", about["license"].Value, StringComparison.Ordinal);
        Assert.InRange(about["description"].Value.Length, 40, 400);
        Assert.Contains("ILGPU", about["tags"].Value, StringComparison.Ordinal);
        Assert.Equal("README.md", about["readme"].Value);
        Assert.NotEmpty(PackedFiles.Read(package, "README.md"));
        Assert.NotEmpty(PackedFiles.Read(package, "LICENSE"));
        var documented = XDocument.Load(new MemoryStream(PackedFiles.Read(package, $"lib/net10.0/{id}.xml")));
        Assert.NotEmpty(documented.Descendants("summary"));
    }

    [Theory]
    [InlineData("IlgpuDistance.Gpu")]
    [InlineData("IlgpuDistance.Training")]
    [InlineData("IlgpuDistance.Zoo")]
    public void The_symbols_are_those_of_the_library_and_know_their_source_where_the_package_does(string id)
    {
        using ZipArchive package = PackedFiles.Open(id), symbols = PackedFiles.Open(id, "snupkg");
        using var library = new PEReader(new MemoryStream(PackedFiles.Read(package, $"lib/net10.0/{id}.dll")));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(
            new MemoryStream(PackedFiles.Read(symbols, $"lib/net10.0/{id}.pdb")));
        MetadataReader pdb = provider.GetMetadataReader();
        DebugDirectoryEntry named = library.ReadDebugDirectory().First(entry => entry.Type == DebugDirectoryEntryType.CodeView);
        Assert.Equal(
            library.ReadCodeViewDebugDirectoryData(named).Guid, new BlobContentId(pdb.DebugMetadataHeader!.Id).Guid);

        bool hasRemote = PackedFiles.Describe(package, id)["repository"].Attribute("url") is not null;
        Assert.Equal(
            hasRemote,
            pdb.CustomDebugInformation.Any(info => pdb.GetGuid(pdb.GetCustomDebugInformation(info).Kind) == SourceLink));
    }
}
