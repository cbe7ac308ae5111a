namespace IlgpuDistance.Checks.Tests.Cuda;

/// <summary>What the emulated CUDA device finds in a kernel, and what it does not find in one that is right.</summary>
public sealed class FindingTests
{
    private const int Items = 64, Bytes = Items * sizeof(float);

    [SkippableTheory]
    [InlineData("ld.global.f32 %f1, [%rd3+4];", "out of bounds: read of 4 bytes of global memory", "item (63, 0, 0)")]
    [InlineData("st.global.f32 [%rd3+-4], 0f00000000;", "4 bytes before an allocation of 256 bytes", "item (0, 0, 0)")]
    [InlineData("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd3];", "misaligned: read of 16 bytes", "item (1, 0, 0)")]
    [InlineData("ld.global.f32 %f1, [%rd4];", "uninitialised: read of 4 bytes of global memory", "item (0, 0, 0)")]
    [InlineData("ld.global.f32 %f1, [12];", "out of bounds: read of 4 bytes of global memory", "item (0, 0, 0)")]
    [InlineData("st.shared.f32 [%rd5+4], 0f00000000;", "0 bytes behind the end of tile of 256 bytes", "item (63, 0, 0)")]
    [InlineData("ld.shared.f32 %f1, [%rd5];", "uninitialised: read of 4 bytes of shared memory", "item (0, 0, 0)")]
    [InlineData("st.shared.v2.f32 [%rd5], {%f1, %f1};", "misaligned: write of 8 bytes of shared memory", "item (1, 0, 0)")]
    public void An_access_that_is_wrong_ends_the_launch(string line, string what, string where) =>
        Assert.All([what, where, $": {line}"], part => Assert.Contains(part, FindingIn(line), StringComparison.Ordinal));

    [SkippableFact]
    public void A_finding_names_the_kernel_and_the_line_of_PTX()
    {
        string kernel = Ptx.Kernel("ld.shared.f32 %f1, [%rd5];");
        int line = 1 + kernel[..kernel.IndexOf("ld.shared", StringComparison.Ordinal)].Count(character => character == '\n');
        Assert.EndsWith(
            $"PTX line {line}: ld.shared.f32 %f1, [%rd5];", FindingIn("ld.shared.f32 %f1, [%rd5];"), StringComparison.Ordinal);
        Assert.StartsWith("K: uninitialised: ", Emulator.Finding, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("st.shared.f32 [%rd5], %f1; ld.shared.f32 %f2, [%rd5+-4];", "written by another item")]
    [InlineData("st.shared.f32 [tile], %f1;", "data race: write of 4 bytes of shared memory")]
    [InlineData(
        "st.shared.f32 [%rd5], %f1; bar.sync 0; ld.shared.f32 %f2, [tile]; st.shared.f32 [tile], %f1;", "read by another item")]
    [InlineData("st.global.f32 [%rd1], %f1;", "data race: write of 4 bytes of global memory")]
    [InlineData("st.global.f32 [%rd3], %f1; ld.global.f32 %f2, [%rd1];", "written by another item")]
    [InlineData("ld.global.f32 %f2, [%rd1]; st.global.f32 [%rd3], %f1;", "read by another item")]
    public void Items_that_share_memory_without_a_barrier_race(string lines, string what)
    {
        // The first item has no neighbour below.
        const string Below = "ld.shared.f32 %f2, [%rd5+-4]";
        string guarded = lines.Replace(Below, $"@%p1 {Below}", StringComparison.Ordinal);
        string finding = FindingIn($"setp.ne.s32 %p1, %r1, 0; mov.f32 %f1, 0f00000000; {guarded}");
        Assert.StartsWith("K: data race: ", finding, StringComparison.Ordinal);
        Assert.Contains(what, finding, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Groups_race_even_with_a_barrier_between()
    {
        Emulator.Require();
        string kernel = Ptx.Kernel("setp.eq.s32 %p1, %r1, 0; @%p1 st.global.f32 [%rd1], 0f00000000; bar.sync 0;");
        ulong a = Emulator.Allocate(Bytes);
        Emulator.Launch(kernel, 1, Items, a, a);
        Assert.Equal(Emulator.IllegalAddress, Emulator.TryLaunch(kernel, 2, Items, a, a));
        Assert.Contains("data race: write of 4 bytes of global memory", Emulator.Finding, StringComparison.Ordinal);
        Assert.Contains("group (1, 0, 0)", Emulator.Finding, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void What_a_barrier_or_a_launch_separates_does_not_race()
    {
        Emulator.Require();
        // Item n hands its value to item 63 - n, twice through the same shared memory, and writes over what the group has read.
        string kernel = Ptx.Kernel("""
            	ld.global.f32 %f1, [%rd3];
            	bar.sync 0;
            	st.shared.f32 [%rd5], %f1;
            	bar.sync 0;
            	mov.b64 %rd6, tile;
            	sub.s32 %r3, 63, %r1;
            	mad.wide.u32 %rd6, %r3, 4, %rd6;
            	ld.shared.f32 %f2, [%rd6];
            	bar.sync 0;
            	st.shared.f32 [%rd6], %f2;
            	bar.sync 0;
            	ld.shared.f32 %f3, [%rd5];
            	add.f32 %f3, %f3, %f2;
            	st.global.f32 [%rd3], %f3;
            """);
        ulong a = Emulator.Upload([.. Enumerable.Range(0, Items).Select(n => (float)n)]);
        Emulator.Launch(kernel, 1, Items, a, a);
        Emulator.Launch(kernel, 1, Items, a, a);
        float[] expected = [.. Enumerable.Range(0, Items).Select(n => (float)n)];
        for (int launch = 0; launch < 2; launch++)
            expected = [.. expected.Select((value, n) => value + expected[Items - 1 - n])];
        Assert.Equal(expected, Emulator.Download<float>(a, Items));
    }

    [SkippableTheory]
    [InlineData("setp.lt.s32 %p1, %r1, 40; @%p1 bra L; bar.sync 0; L:", "this item went another way", "item (0, 0, 0)")]
    [InlineData("setp.eq.s32 %p1, %r1, 63; @%p1 ret; bar.sync 0;", "this item has ended", "item (63, 0, 0)")]
    [InlineData(
        "setp.eq.s32 %p1, %r1, 5; @!%p1 bra L; bar.sync 0; bra M; L: bar.sync 0; M:", "went another way", "item (5, 0, 0)")]
    public void A_barrier_that_not_all_items_reach_is_found(string lines, string what, string where)
    {
        string finding = FindingIn(lines);
        Assert.StartsWith("K: diverging barrier: ", finding, StringComparison.Ordinal);
        Assert.Contains(what, finding, StringComparison.Ordinal);
        Assert.Contains(where, finding, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_branch_that_is_called_uniform_must_be_so_within_each_warp()
    {
        Assert.StartsWith("K: not uniform: ",
            FindingIn("setp.lt.s32 %p1, %r1, 40; @%p1 bra.uni L; mov.b32 %r3, 0; L:"), StringComparison.Ordinal);
        Assert.Null(FindingOrNull("setp.lt.s32 %p1, %r1, 32; @%p1 bra.uni L; mov.b32 %r3, 0; L: bar.sync 0;"));
    }

    [SkippableFact]
    public void Memory_that_was_given_back_is_out_of_bounds()
    {
        Emulator.Require();
        ulong a = Emulator.Upload(new float[Items]);
        Assert.Equal(Emulator.Success, Emulator.Free(a));
        Assert.NotEqual(Emulator.Success, Emulator.Free(a));
        Assert.Equal(Emulator.IllegalAddress, Emulator.TryLaunch(Ptx.Kernel("ld.global.f32 %f1, [%rd3];"), 1, Items, a, a));
        Assert.StartsWith("K: out of bounds: ", Emulator.Finding, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_host_must_keep_to_allocations_too()
    {
        Emulator.Require();
        ulong a = Emulator.Allocate(Bytes), b = Emulator.Allocate(2 * Bytes);
        Assert.Equal(Emulator.Success, Emulator.Copy(b, a, Bytes));
        Assert.NotEqual(Emulator.Success, Emulator.Copy(b, a, Bytes + 1));
        Assert.Contains("out of bounds: the host reads 257 bytes", Emulator.Finding, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("ex2.approx.f32 %f1, %f2;", "ex2.approx.f32 is not executed here")]
    [InlineData("add.sat.f32 %f1, %f2, %f3;", "add.sat.f32 is not executed here")]
    [InlineData("atom.global.add.f32 %f1, [%rd1], %f2;", "atom.global.add.f32 is not executed here")]
    [InlineData("ld.f32 %f1, [%rd1];", "ld.f32 is not executed: it must name its memory")]
    [InlineData("add.f32 %f1, %f2, %rd3;", "%rd3 has another width than the instruction")]
    [InlineData("mov.f32 %f1, %f99;", "%f99 is no register that is known here")]
    [InlineData("bra NOWHERE;", "NOWHERE is no label")]
    public void What_is_not_executed_is_refused_and_not_left_out(string line, string why)
    {
        Emulator.Require();
        Assert.Equal(Emulator.InvalidPtx, Emulator.TryLoad(Ptx.Kernel(line), out _));
        Assert.Contains(why, Emulator.Finding, StringComparison.Ordinal);
    }

    private static string FindingIn(string lines) =>
        FindingOrNull(lines) ?? throw new InvalidOperationException("nothing was found");

    /// <summary>What is found with a of <see cref="Items"/> zeros and b of as many values that nobody has written.</summary>
    private static string? FindingOrNull(string lines)
    {
        Emulator.Require();
        int result = Emulator.TryLaunch(
            Ptx.Kernel(lines), 1, Items, Emulator.Upload(new float[Items]), Emulator.Allocate(Bytes));
        if (result == Emulator.Success)
            return null;
        Assert.Equal(Emulator.IllegalAddress, result);
        return Emulator.Finding;
    }
}
