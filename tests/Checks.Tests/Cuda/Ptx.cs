namespace IlgpuDistance.Checks.Tests.Cuda;

/// <summary>Kernels in PTX around a few lines.</summary>
internal static class Ptx
{
    /// <summary>
    /// A kernel K(u64 a, u64 b): %rd1 and %rd2 are its arguments, %r1 is the item in its group, %r2 the group, %rd3 and %rd4 are
    /// the places of the item's value of 4 bytes in a and b, and %rd5 in <c>tile</c>, shared memory of 256 bytes.
    /// </summary>
    public static string Kernel(string body) => $$"""
        .version 7.0
        .target sm_80
        .address_size 64

        .visible .entry K(
        	.param .b64 a,
        	.param .b64 b
        )
        .maxntid 64, 1, 1
        {
        	.shared .align 16 .b8 tile[256];
        	.reg .pred	%p<9>;
        	.reg .b32	%r<19>;
        	.reg .b64	%rd<19>;
        	.reg .f32	%f<19>;

        	ld.param.b64	%rd1, [a];
        	ld.param.b64	%rd2, [b];
        	mov.b32	%r1, %tid.x;
        	mov.b32	%r2, %ctaid.x;
        	mad.wide.u32	%rd3, %r1, 4, %rd1;
        	mad.wide.u32	%rd4, %r1, 4, %rd2;
        	mov.b64	%rd5, tile;
        	mad.wide.u32	%rd5, %r1, 4, %rd5;
        {{body}}
        	ret;
        }
        """;
}
