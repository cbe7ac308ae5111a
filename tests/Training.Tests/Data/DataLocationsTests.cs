using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Training.Tests.Data;

public sealed class DataLocationsTests
{
    private static DataLocations Of(params (string Name, string Value)[] environment) =>
        DataLocations.Of(environment.ToDictionary(pair => pair.Name, pair => pair.Value).GetValueOrDefault);

    [Fact]
    public void The_variable_names_a_folder_unless_it_is_empty()
    {
        Assert.Equal("somewhere", Of((DataLocations.Variable, "somewhere")).EnvironmentFolder);
        Assert.Null(Of((DataLocations.Variable, "")).EnvironmentFolder);
        Assert.Null(Of().EnvironmentFolder);
    }

    [SkippableFact]
    public void On_Linux_the_cache_follows_the_XDG_specification()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "this is Linux's rule");
        Assert.Equal("/cache/ilgpu-distance", Of(("HOME", "/home/me"), ("XDG_CACHE_HOME", "/cache")).CacheFolder);
        Assert.Equal("/home/me/.cache/ilgpu-distance", Of(("HOME", "/home/me"), ("XDG_CACHE_HOME", "")).CacheFolder);
        Assert.Equal("/home/me/.cache/ilgpu-distance", Of(("HOME", "/home/me"), ("XDG_CACHE_HOME", "relative")).CacheFolder);
    }

    [SkippableFact]
    public void On_macOS_the_cache_lies_in_the_library()
    {
        Skip.IfNot(OperatingSystem.IsMacOS(), "this is macOS's rule");
        Assert.Equal("/Users/me/Library/Caches/ilgpu-distance", Of(("HOME", "/Users/me")).CacheFolder);
    }

    [Fact]
    public void Without_a_home_the_cache_is_still_a_rooted_folder() => Assert.True(Path.IsPathRooted(Of().CacheFolder));
}
